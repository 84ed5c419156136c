import { type Family, hostile } from './attack.ts';

/** Says over the bridge what the sandbox's own code never says; a call would go to a host that it may call. */
const bent = (name: string, json: string, act: string, ends: RegExp) =>
  hostile(
    name,
    `let isBent = false; Object.prototype.toJSON = function () { if (isBent) return this; isBent = true; return ${json}; }; ${act}; await new Promise((done) => setTimeout(done, 20)); return [];`,
    ends,
    `hosts: ['api.attack.dev']`,
  );
/** What is not of the protocol's shape ends the run. */
const STRANGE = /^fails run\.failed: The run has changed how values become JSON/;
const call = (method: string, url: string, headers = '[]') =>
  `{ method: '${method}', url: '${url}', headers: ${headers}, redirect: 'follow' }`;
const FETCH = `await fetch('https://api.attack.dev')`;

export const bridge: Family = {
  name: 'on the bridge to the host',
  attacks: [
    bent('asks for an effect that there is not', `{ kind: 'shutdown', url: 7 }`, FETCH, STRANGE),
    bent('logs at a level that there is not', `{ level: '__proto__', text: 'x' }`, `console.log('x')`, STRANGE),
    bent('logs an object for a text', `{ level: 'error', text: { toString: 1 } }`, `console.log('x')`, STRANGE),
    bent(
      'sends what is no JSON',
      'undefined',
      `await cache.get('k')`,
      /^fails run\.failed: .*The host is asked in texts/,
    ),
    bent('sends a header of three parts', call('GET', 'https://api.attack.dev/', `[['a', 'b', 'c']]`), FETCH, STRANGE),
    bent(
      'sends another address than it asked for',
      call('GET', 'https://127.0.0.1:LOOPBACK/'),
      FETCH,
      /^fails outbound\.host_not_granted/,
    ),
    bent(
      'sends a method with a line break',
      call('GET / HTTP/1.1\\r\\nX-Smuggled: yes\\r\\n', 'https://api.attack.dev/'),
      FETCH,
      /^fails run\.failed: .*method must be one of/,
    ),
    bent(
      'sends a header with a line break',
      call('GET', 'https://api.attack.dev/', `[['x', 'y\\r\\nX-Smuggled: yes']]`),
      FETCH,
      /^fails run\.failed: .*The header x has a line break/,
    ),
    bent(
      'remembers for less than no time',
      `{ key: 'k', value: 1, ttlSeconds: -1e300 }`,
      `await cache.set('k', 1)`,
      /^fails run\.failed: .*ttlSeconds must not be less/,
    ),
    bent(
      'remembers under a key of a megabyte',
      `{ key: 'k'.repeat(1_000_000), value: 1, ttlSeconds: 60 }`,
      `await cache.set('k', 1)`,
      /^fails run\.failed: .*key must be shorter/,
    ),
    hostile(
      'remembers what is nested a hundred thousand deep',
      `let deep = 1; for (let n = 0; n < 100_000; n++) deep = [deep]; await cache.set('k', deep).catch(() => {}); return say('done');`,
      /^(says done|fails run\.)/,
    ),
    hostile(
      'remembers what bites its tail',
      `const a = {}; a.a = a; return say(await cache.set('k', a).catch(({ name }) => name));`,
      /^says TypeError$/,
    ),
    hostile(
      'remembers a thenable and a getter without end',
      `await cache.set('k', { then(done) { done(1) }, get a() { for (;;); } })`,
      /^fails run\./,
    ),
    hostile(
      'remembers prototype keys',
      `await cache.set('__proto__', JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')); const back = await cache.get('__proto__'); return say({}.polluted, back.polluted);`,
      /^says undefined\|/,
    ),
    hostile(
      'answers its own questions',
      `const waiting = []; const { set } = Map.prototype; Map.prototype.set = function (key, value) { if (value?.resolve) waiting.push(value); return set.call(this, key, value); }; const answer = cache.get('k'); for (const one of waiting) one.resolve({ head: { value: 'forged' } }); return say(await answer);`,
      /^says (forged|undefined)$/,
    ),
    hostile(
      'sets a timer for a time that is none',
      `for (const ms of [NaN, Infinity, -1, 1e300, '5', { valueOf: () => 1 }]) await Promise.race([new Promise((done) => setTimeout(done, ms)), new Promise((done) => setTimeout(done, 20))]); return say('done');`,
      /^says done$/,
    ),
    hostile(
      'asks for random bytes by the gigabyte',
      `const view = new Uint8Array(65_536); for (let n = 0; n < 50; n++) crypto.getRandomValues(view); try { crypto.getRandomValues(new Uint8Array(2 ** 25)) } catch ({ name }) { return say(name) }`,
      /^says QuotaExceededError$/,
    ),
  ],
};
