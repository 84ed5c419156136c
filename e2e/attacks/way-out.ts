import { type Family, hostile } from './attack.ts';

const HIDDEN = '/wake|ivm|isolated|fingerpost|bridge|dispatch|^process$|atomics|sharedarray/i';

export const wayOut: Family = {
  name: 'out of the isolate',
  attacks: [
    hostile(
      'climbs by constructors to the host',
      `const seen = [context, secrets, dataFiles, fetch, logger.info, crypto.getRandomValues, cache.get, setTimeout, URL, structuredClone, new Error(), (async () => {})(), async () => {}, function* () {}, async function* () {}]
         .map((one) => one.constructor.constructor('return typeof process + typeof globalThis.constructor.constructor("return process")')());
       return say(seen.filter((one) => typeof one === 'string' && one.startsWith('undefined')).length > 10, seen.some((one) => String(one).startsWith('object')));`,
      /^says true\|false$/,
    ),
    hostile(
      'takes functions and receivers out of stack frames',
      `const taken = new Set();
       Error.prepareStackTrace = (_error, sites) => { for (const site of sites) for (const one of [site.getFunction(), site.getThis()]) if (one !== undefined && one !== null && one !== globalThis) taken.add(one); return ''; };
       const look = function () { 'use strict'; void new Error().stack; return 1; };
       await new Promise((done) => setTimeout(() => { look(); done(); }, 1));
       console.log({ toJSON: look }); JSON.stringify({ toJSON: look }); [1].map(look);
       try { crypto.getRandomValues(1) } catch (error) { void error.stack }
       return say([...taken].map(String).join(';') || 'nothing');`,
      /^says nothing$/,
    ),
    hostile(
      'looks for what joined it to its host',
      `const all = [...Reflect.ownKeys(globalThis), ...Reflect.ownKeys(Object.getPrototypeOf(globalThis))].map(String);
       return say(all.filter((name) => name !== '__integration' && ${HIDDEN}.test(name)).join() || 'nothing');`,
      /^says nothing$/,
    ),
    hostile(
      'collects what passes through replaced built-ins and calls all of it',
      `const loot = new Set(); const keep = (all) => { for (const one of all) if (typeof one === 'function') loot.add(one); else if (one && typeof one === 'object') for (const part of Object.values(one)) if (typeof part === 'function') loot.add(part); };
       for (const [owner, name] of [[Map.prototype, 'set'], [Map.prototype, 'get'], [Set.prototype, 'add'], [Function.prototype, 'call'], [Function.prototype, 'apply'], [Function.prototype, 'bind'], [Promise.prototype, 'then'], [Array.prototype, 'push'], [Array.prototype, 'map']]) {
         const real = owner[name]; owner[name] = function (...all) { if (real !== Set.prototype.add) try { Reflect.apply(keep, null, [[this, ...all]]) } catch {} return Reflect.apply(real, this, all); };
       }
       await cache.get('k').catch(() => {}); setTimeout(() => {}, 1); console.log('x');
       for (const one of [...loot].slice(0, 300)) for (const all of [[], ['run', '{}', '{}', '', ''], [1, 'shutdown', '{"kind":"shutdown"}'], [1, true, '{}']]) try { one(...all) } catch {}
       return say('harmless');`,
      /^(says harmless|fails run\.failed|says $)/,
    ),
    hostile(
      'puts itself in the place of promises',
      `const Real = Promise; globalThis.Promise = class extends Real { then(...all) { return super.then(...all) } static get [Symbol.species]() { return function (take) { take(() => {}, () => {}); } } };
       Promise.prototype.constructor = Promise; Real.prototype.then = function () { return { then: (done) => done('forged') } };
       return say(await cache.get('k'));`,
      /^(says|fails run\.)/,
    ),
    hostile(
      'makes machine code',
      `return say(typeof WebAssembly, typeof SharedArrayBuffer, typeof Atomics);`,
      /^says undefined\|undefined\|undefined$/,
    ),
    hostile(
      'imports at run time',
      `return say(Object.keys(await import(['node', 'fs'].join(':'))));`,
      /^fails run\.failed/,
    ),
    hostile('starts a program', `return say(require('node:child_process').execSync('id'));`, /^fails run\.failed/),
    hostile(
      'reads a file by fs',
      `return say(require('fs').readFileSync('/etc/passwd', 'utf8'));`,
      /^fails run\.failed/,
    ),
    hostile(
      'reads a file by what it named at run time',
      `return say(require(['f', 's'].join('')).readFileSync('/etc/passwd', 'utf8'));`,
      /^fails run\.failed/,
    ),
    hostile('opens a socket', `return say(require('net').connect(LOOPBACK, '127.0.0.1'));`, /^fails run\.failed/),
    hostile(
      'starts a thread',
      `return say(new (require('worker_threads').Worker)('1', { eval: true }));`,
      /^fails run\.failed/,
    ),
    hostile(
      'looks for the environment',
      `return say(JSON.stringify(require('process').env), (() => { try { return process.binding('fs') } catch { return 'refused' } })(), typeof process.dlopen, typeof process.mainModule, typeof globalThis.process);`,
      /^says \{\}\|refused\|undefined\|undefined\|undefined$/,
    ),
    hostile('runs code by vm', `return say(require('vm').runInThisContext('process').pid);`, /^fails run\.failed/),
    hostile(
      'looks for a realm of the host in errors',
      `const errors = []; for (const act of [() => crypto.getRandomValues(1), () => new URL('x'), () => crypto.digestSync('none', 7), () => new TextDecoder('none'), () => structuredClone(() => {}), () => atob('%'), () => fetch('https://nowhere.dev'), () => cache.set('k', { toJSON() { throw new RangeError('x') } })]) try { await act() } catch (error) { errors.push(error) }
       return say(errors.filter((error) => !(error instanceof Error || error instanceof DOMException)).length, errors.length > 5);`,
      /^says 0\|true$/,
    ),
    hostile('stops in a debugger', `debugger; return say('went on');`, /^says went on$/),
  ],
};
