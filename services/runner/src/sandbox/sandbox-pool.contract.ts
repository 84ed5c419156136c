import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { DEFAULT_LIMITS, type Fault, type Isolation, type RunLimits } from '@fingerpost/contracts';
import { createLog, type WallLevel } from '@fingerpost/platform';
import { INSIDE } from './inside.ts';
import type { EffectOutcome, EffectRequest, SandboxResult } from './protocol.ts';
import { SandboxPool } from './sandbox-pool.ts';

const PAGE = {
  type: 'github',
  url: 'https://github.com/acme/webshop',
  page: { repository: 'acme/webshop', name: 'repository' },
};
const LIMITS: RunLimits = { ...DEFAULT_LIMITS, wallMs: 700, cpuMs: 400 };

/** What holds for code in the sandbox, whatever walls stand around it. */
export function sandboxContract(walls: WallLevel): void {
  let pool: SandboxPool;
  const logged: string[] = [];
  const effects: EffectRequest[] = [];

  beforeAll(async () => {
    const log = createLog('test', { level: 'silent', format: 'json' });
    pool = new SandboxPool({
      folder: INSIDE,
      walls,
      processes: 1,
      memoryMb: 1_500,
      mostRuns: 50,
      allowMissingWalls: false,
      log,
    });
    await pool.open();
  });
  afterAll(() => pool.close());

  /** Runs the body of an integration's file; `isolation` decides what it shares with the next run of the same body. */
  function run(
    file: string,
    { isolation = 'fresh', context = PAGE, limits = LIMITS, answer = noAnswer }: Partial<RunOptions> = {},
  ): Promise<SandboxResult> {
    const code = `var __integration = (() => { const module = { exports: {} }; ${file}; return module.exports; })();`;
    const digest = createHash('sha256').update(code).digest('hex');
    const run = {
      digest,
      isolation,
      context: JSON.stringify(context),
      secrets: { TOKEN: 'fpstandin' },
      limits,
    };
    const visitor = {
      onEffect: async (effect: EffectRequest) => {
        effects.push(effect);
        return answer(effect);
      },
      onLog: (level: string, text: string) => void logged.push(`${level}: ${text}`),
    };
    return pool.perform({ kind: 'run', digest, limits, run, code }, visitor, true);
  }

  interface RunOptions {
    isolation: Isolation;
    context: object;
    limits: RunLimits;
    answer: (effect: EffectRequest) => EffectOutcome;
  }

  const noAnswer = (): EffectOutcome => ({ isOk: false, code: 'bus.nobody_answers', message: 'nobody' });
  const insights = async (file: string, options?: Partial<RunOptions>) => (await run(file, options)).insights;
  const messageOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'answered',
      (fault: Fault) => fault.message,
    );
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'answered',
      (fault: Fault) => fault.code,
    );
  const running = (body: string) => `module.exports = { run: async (context, secrets, dataFiles) => { ${body} } }`;

  /** After a call, and when the answer has long been given. */
  const later = (body: string) =>
    `await fetch('https://a.b').catch(() => {}); (async () => { for (let n = 0; n < 50; n++) await null; ${body} })()`;

  const approved = () => (Reflect.get(pool, 'processes') as { approved: { pid: number; kill(): void }[] }).approved;

  /** A run that must answer while and after others misbehave. */
  const bystander = () =>
    insights(running(`await new Promise((r) => setTimeout(r, 50)); return [{ type: 'text', content: 'here' }]`));

  describe('an integration in the sandbox', () => {
    it('answers a context and says what it looked at', async () => {
      const result = await run(running(`return [{ type: 'text', content: context.page.repository }]`));
      expect(result.insights).toEqual([{ type: 'text', content: 'acme/webshop' }]);
      expect(result.reads).toEqual([
        { how: 'shape', path: ['page'] },
        { how: 'value', path: ['page', 'repository'] },
      ]);
    });

    it.each([
      ['absence', 'context.nothing', { how: 'value', path: ['nothing'] }],
      ['`in`', `'page' in context`, { how: 'has', path: ['page'] }],
      ['key lists', 'Object.keys(context.page)', { how: 'keys', path: ['page'] }],
      ['serialising', 'JSON.stringify(context)', { how: 'value', path: ['page', 'name'] }],
      ['spreading', '({ ...context.page })', { how: 'value', path: ['page', 'name'] }],
      ['cloning', 'structuredClone(context.page)', { how: 'value', path: ['page', 'name'] }],
      ['destructuring', '(({ page: { name } }) => name)(context)', { how: 'value', path: ['page', 'name'] }],
      ['hasOwnProperty', `Object.hasOwn(context, 'page')`, { how: 'shape', path: ['page'] }],
    ])('records %s', async (_name, expression, read) => {
      const { reads } = await run(running(`void (${expression}); return []`));
      expect(reads).toContainEqual(read);
    });

    it.each([
      [
        'a length by its descriptor',
        `Object.getOwnPropertyDescriptor(context.list, 'length').value`,
        ['list', 'length'],
      ],
      ['what was frozen', `(Object.freeze(context), context.page.name)`, ['page', 'name']],
      [
        'a descriptor of what was frozen',
        `Object.getOwnPropertyDescriptor(Object.freeze(context), 'page').value.name`,
        ['page', 'name'],
      ],
    ])('records %s', async (_what, look, path) => {
      const { reads } = await run(running(`return [{ type: 'text', content: String(${look}) }]`), {
        context: { ...PAGE, list: [1, 2] },
      });
      expect(reads).toContainEqual({ how: 'value', path });
    });

    it('records what shouldRun read, too', async () => {
      const { insights, reads } = await run(
        `module.exports = { shouldRun: (c) => c.type === 'aws', run: () => [{ type: 'text', content: 'no' }] }`,
      );
      expect(insights).toEqual([]);
      expect(reads).toEqual([{ how: 'value', path: ['type'] }]);
    });

    it('gives out stand-ins, never values, and the platform that the docs name', async () => {
      const answer = await insights(
        running(`
        const bytes = new TextEncoder().encode('é');
        const digest = await crypto.subtle.digest('SHA-256', bytes);
        return [secrets.TOKEN, new URL('?a=1', 'https://a.b/c').href, bytes.length, digest.byteLength, crypto.randomUUID().length,
          structuredClone({ a: [1] }).a[0], atob(btoa('hi')), new AbortController().signal.aborted, typeof logger.info, new URLSearchParams('a=b').get('a')];`),
      );
      expect(answer).toEqual(['fpstandin', 'https://a.b/c?a=1', 2, 32, 36, 1, 'hi', false, 'function', 'b']);
    });

    it('fetches through the runner', async () => {
      const answer = (effect: EffectRequest): EffectOutcome => ({
        isOk: true,
        head: {
          status: 201,
          statusText: 'Created',
          headers: [['x-a', '1']],
          url: (effect as { url: string }).url,
          isRedirected: false,
        },
        body: Buffer.from('{"ok":true}').toString('base64'),
      });
      const file = running(`
      const response = await fetch('https://api.acme.dev/x', { method: 'POST', headers: { Authorization: 'Bearer ' + secrets.TOKEN }, body: JSON.stringify({ a: 1 }) });
      return [response.status, response.headers.get('X-A'), await response.json()]`);
      expect(await insights(file, { answer })).toEqual([201, '1', { ok: true }]);
      expect(effects.at(-1)).toMatchObject({
        kind: 'fetch',
        method: 'POST',
        url: 'https://api.acme.dev/x',
        headers: expect.arrayContaining([['authorization', 'Bearer fpstandin']]),
        body: Buffer.from('{"a":1}').toString('base64'),
      });
    });

    it('hands a refused call to the code as an error with a code', async () => {
      const file = running(`try { await fetch('https://x.y') } catch (error) { return [error.code, error.message] }`);
      expect(await insights(file)).toEqual(['bus.nobody_answers', 'nobody']);
    });

    it('hears the answer to what loading the file asked for', async () => {
      const answer = (): EffectOutcome => ({ isOk: true, head: { value: 'kept' } });
      const file = `const early = cache.get('k'); const later = new Promise((resolve) => setTimeout(resolve, 5)); ${running('await later; return [await early]')}`;
      expect(await insights(file, { answer })).toEqual(['kept']);
    });

    it('says what the cache takes', async () => {
      const message = await messageOf(run(running(`await cache.set('k', 1, 'soon')`)));
      expect(message).toContain('cache.set keeps a value for a number of seconds, not for soon.');
    });

    it('logs through the runner', async () => {
      await run(running(`logger.warn({ cost: 3 }, 'too much'); console.log('plain'); return []`));
      expect(logged.slice(-2)).toEqual(['warn: {"cost":3} too much', 'info: plain']);
    });

    it('may change how long its answer holds, as files for ToolJump do', async () => {
      const result = await run(
        `module.exports = { metadata: { cache: 300 }, run: async function () { this.metadata.cache = 60; return [] } }`,
      );
      expect(result.cacheSeconds).toBe(60);
    });

    it('judges patterns that the registry could not', async () => {
      const file = (pattern: string) =>
        `module.exports = { metadata: { match: { context: { 'page.repository': { pattern: ${pattern} } } } }, run: () => [{ type: 'text', content: 'fits' }] }`;
      expect(await insights(file('/^acme\\/(?!secret)/g'))).toHaveLength(1);
      expect(await insights(file('/^acme\\/(?!webshop)/g'))).toHaveLength(0);
    });

    it('finds nothing of an earlier run of its own in a clean global', async () => {
      const file = running(
        `const before = globalThis.kept; globalThis.kept = 1; Object.prototype.leaked ??= 1; return [before ?? 'nothing']`,
      );
      expect(await insights(file, { isolation: 'clean' })).toEqual(['nothing']);
      expect(await insights(file, { isolation: 'clean' })).toEqual(['nothing']);
      expect(await insights(running(`return [({}).leaked ?? 'nothing']`), { isolation: 'clean' })).toEqual(['nothing']);
    });
  });

  describe('the platform inside', () => {
    it('calls its classes by their names, as packages ask for them', async () => {
      const file =
        running(`return [new Blob([]), new Headers(), new Response().constructor.name, new ReadableStream().constructor.name,
        new AbortController().signal, new URLSearchParams(), new TextDecoder().constructor.name, crypto.subtle].map(String)`);
      expect(await insights(file)).toEqual([
        ...['[object Blob]', '[object Headers]', 'Response', 'ReadableStream', '[object AbortSignal]', ''],
        ...['TextDecoder', '[object SubtleCrypto]'],
      ]);
    });

    it('is what the docs list, and no more', async () => {
      const docs = readFileSync(join(import.meta.dirname, '../../../../docs/web-platform.md'), 'utf8');
      const listed = /```\n(.*?)```/s.exec(docs)![1]!.trim().split(/\s+/);
      const names = (await insights(running('return Object.getOwnPropertyNames(globalThis)'))) as string[];
      const language: string[] = runInNewContext('Object.getOwnPropertyNames(globalThis)');
      const ours = names.filter((name) => !language.includes(name) && !name.startsWith('__'));
      expect(ours.sort()).toEqual(listed.filter((name) => name !== 'console').sort());
    });

    it('begins its clock with the run, not with the build', async () => {
      const [now, origin] = (await insights(running('return [performance.now(), performance.timeOrigin]'))) as number[];
      expect(now).toBeLessThan(60_000);
      expect(Math.abs(Date.now() - origin!)).toBeLessThan(60_000);
    });

    it.each([
      [
        'a listener',
        `const t = new EventTarget(); t.addEventListener('x', () => { throw new Error('lost') }); t.dispatchEvent(new Event('x'))`,
      ],
      ['a microtask', `queueMicrotask(() => { throw new Error('lost') })`],
      ['reportError', `reportError(new Error('lost'))`],
    ])('ends the run with an error that nobody catches, from %s', async (_where, body) => {
      expect(await messageOf(run(running(`${body}; await new Promise(() => {})`)))).toContain('lost');
    });

    it('goes back from what it compressed', async () => {
      const file = running(`const through = (body, stream) => new Response(new Response(body).body.pipeThrough(stream));
        const packed = await through('on call: Ana', new CompressionStream('gzip')).bytes();
        return [await through(packed, new DecompressionStream('gzip')).text()]`);
      expect(await insights(file)).toEqual(['on call: Ana']);
    });

    it('has a console like other places', async () => {
      await run(
        running(
          `console.group('a'); console.table([1]); console.groupEnd(); console.count(); console.assert(1 > 2, 'so'); return []`,
        ),
      );
      expect(logged.slice(-4)).toEqual(['info: a', 'info:   [1]', 'info: default: 1', 'error: Assertion failed so']);
    });

    it.each([
      ['XMLHttpRequest', 'new XMLHttpRequest()', 'use fetch'],
      ['localStorage', `localStorage.getItem('a')`, 'use `cache`'],
      ['document', 'document.title', 'return insights'],
      ['WebAssembly', 'new WebAssembly.Memory({ initial: 1 })', 'plain JavaScript'],
      ['Atomics', 'Atomics.wait', 'one thread'],
    ])('says what to do instead of %s, which is not there', async (name, expression, instead) => {
      const file = (body: string) => running(`return [typeof ${name}, '${name}' in globalThis, ${body}]`);
      expect(await insights(file('1'))).toEqual(['undefined', false, 1]);
      const message = await messageOf(run(file(expression)));
      expect(message).toContain(`${name} is not defined. ${name} is not there in the sandbox: `);
      expect(message).toContain(instead);
    });

    it('refuses code in a string, and says so', async () => {
      expect(await messageOf(run(running(`setTimeout('run()', 1)`)))).toContain('code in a string is not run');
    });
  });

  describe('an integration that names no API of the web, and wakes without them,', () => {
    const named = (name: string) => `globalThis[${JSON.stringify([...name])}.join('')]`;
    it('has them when it asks by a name that nobody saw beforehand', async () => {
      const body = `return String(new (${named('URL')})('/a?b=ü', 'https://acme.dev')) + ('${'Head'}' + 'ers' in globalThis) + typeof ${named('fetch')}`;
      expect(await insights(running(body), { limits: DEFAULT_LIMITS })).toBe('https://acme.dev/a?b=%C3%BCtruefunction');
    });

    it('calls by them through the same host', async () => {
      const answer = (): EffectOutcome => ({
        isOk: true,
        head: { status: 204, statusText: '', headers: [], url: 'https://acme.dev/', isRedirected: false },
      });
      expect(
        await insights(running(`return (await ${named('fetch')}('https://acme.dev/')).status`), {
          answer,
          limits: DEFAULT_LIMITS,
        }),
      ).toBe(204);
    });

    it('may put its own in their place', async () => {
      expect(await insights(running(`${named('fetch')} = () => 'mine'; return ${named('fetch')}()`))).toBe('mine');
    });
  });

  describe('a warm integration', () => {
    const warm = (file: string, options: Partial<RunOptions> = {}) => insights(file, { isolation: 'warm', ...options });
    const counting = (salt: string) => `let runs = 0; const salt = ${JSON.stringify(salt)};
    module.exports = { run: async (context) => { runs++; if (context.fails) throw new Error('no'); return [runs]; } }`;

    it('keeps its global from run to run', async () => {
      const file = counting('keeps');
      expect([await warm(file), await warm(file), await warm(file)]).toEqual([[1], [2], [3]]);
    });

    it('loses it with a run that fails', async () => {
      const file = counting('fails');
      await warm(file);
      expect(await codeOf(warm(file, { context: { ...PAGE, fails: true } as typeof PAGE }))).toBe('run.failed');
      expect(await warm(file)).toEqual([1]);
    });

    it('never meets another digest, and gives runs at the same time a global each', async () => {
      expect(await warm(counting('one'))).toEqual([1]);
      expect(await warm(counting('other'))).toEqual([1]);
      const file = `let inside = 0; module.exports = { run: async () => { const others = inside++; await fetch('https://x.dev/'); inside--; return [others]; } }`;
      const answer = () =>
        ({ isOk: true, head: { status: 200, statusText: '', headers: [], url: '', isRedirected: false } }) as const;
      expect(await Promise.all([1, 2, 3].map(() => warm(file, { answer })))).toEqual([[0], [0], [0]]);
    });

    it('hears nothing of what an earlier run left waiting', async () => {
      const file = `let heard = 0; module.exports = { run: async () => { setTimeout(() => heard++, 30); return [heard]; } }`;
      for (let run = 0; run < 4; run++) {
        expect(await warm(file)).toEqual([0]);
        await sleep(50);
      }
    });

    it('counts timers, lines and calls by the run', async () => {
      const file = `module.exports = { run: async () => { for (let n = 0; n < 150; n++) setTimeout(() => {}, 1e6); console.log('line'); return [1]; } }`;
      for (let run = 0; run < 40; run++) expect(await warm(file)).toEqual([1]);
    });
  });

  describe('hostile code costs only its own slot:', () => {
    it.each([
      ['an endless loop', 'while (true) {}', /run\.(timed_out|out_of_cpu)/],
      ['an endless loop of promises', 'for (;;) await null', /run\.(timed_out|out_of_cpu)/],
      ['a promise that never settles', 'await new Promise(() => {})', /run\.timed_out/],
      [
        'a native loop that nothing interrupts',
        '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)',
        /run\.(timed_out|out_of_cpu)/,
      ],
      ['a loop behind its own answer', `${later('for (;;);')}; return []`, /run\.(timed_out|out_of_cpu)/],
      [
        'a native loop behind its own answer',
        `${later('[].indexOf.call({ length: 2 ** 53 - 1 }, 1)')}; return []`,
        /run\.(timed_out|out_of_cpu)/,
      ],
      ['a loop behind its own failure', `${later('for (;;);')}; throw new Error('no')`, /run\.(timed_out|out_of_cpu)/],
      ['a catastrophic regular expression', `/^(a+)+$/.test('a'.repeat(40) + 'b')`, /run\.(timed_out|out_of_cpu)/],
      ['a 2 GB allocation', 'return new ArrayBuffer(2 ** 31).byteLength', /run\.(failed|out_of_memory|out_of_cpu)/],
      [
        'a heap that grows',
        'const all = []; for (;;) all.push(new Array(100_000).fill(1))',
        /run\.(out_of_memory|out_of_cpu|timed_out|disturbed)/,
      ],
      [
        'a throw in a timer',
        `setTimeout(() => { throw new Error('late') }, 5); await new Promise((r) => setTimeout(r, 300)); return []`,
        /run\.failed/,
      ],
      [
        'an unhandled rejection',
        `Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 300)); return []`,
        /run\.failed/,
      ],
      ['an error whose message never ends', 'throw { get message() { for (;;); } }', /run\./],
      [
        'an error whose stack never ends',
        `const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { for (;;); } }); throw e`,
        /run\./,
      ],
      [
        'a rejection whose message never ends',
        'Promise.reject({ get message() { for (;;); } }); await new Promise(() => {})',
        /run\./,
      ],
      ['a thenable that never ends', 'return { then() { for (;;); } }', /run\./],
      ['a result with a getter that never ends', 'return [{ get content() { for (;;); } }]', /run\./],
      ['a cyclic result', 'const a = {}; a.a = a; return a', /run\.failed/],
      ['a huge result', `return 'x'.repeat(50_000_000)`, /run\.(result_too_large|out_of_memory|out_of_cpu|failed)/],
      ['a flood of timers', 'for (;;) setTimeout(() => {}, 0)', /run\./],
      ['a flood of log lines', `for (;;) console.log('x'.repeat(1000))`, /run\./],
      [
        'a log line of another shape',
        `Object.prototype.toJSON = () => ({ level: 'setBindings', text: 1 }); console.log('x'); await new Promise(() => {})`,
        /run\.failed/,
      ],
      [
        'a message that is no JSON',
        `Object.prototype.toJSON = () => undefined; console.log('x'); await new Promise(() => {})`,
        /run\.failed/,
      ],
      [
        'an effect of another shape',
        `Object.prototype.toJSON = () => ({ kind: 'shutdown', url: 7 }); await fetch('https://a.b')`,
        /run\.failed/,
      ],
      ['process.exit', 'process.exit(1)', /run\.failed/],
      [
        'process.exit by the constructor',
        `return context.constructor.constructor('return process')().exit()`,
        /run\.failed/,
      ],
      [
        'process.exit by a caught host error',
        `try { crypto.getRandomValues(1) } catch (e) { e.constructor.constructor('return process')().exit() }`,
        /run\.failed/,
      ],
      ['require', `require('fs').readFileSync('/etc/passwd')`, /run\.failed/],
      ['import', `await import('node:fs')`, /run\.failed/],
      ['WebAssembly', `return new WebAssembly.Memory({ initial: 1 }).buffer.byteLength`, /run\.failed/],
    ])('%s', async (_name, body, expected) => {
      const [outcome, neighbour] = await Promise.all([codeOf(run(running(body))), retryOnce(bystander)]);
      expect(outcome).toMatch(expected);
      expect(neighbour).toEqual([{ type: 'text', content: 'here' }]);
      expect(await retryOnce(bystander)).toEqual([{ type: 'text', content: 'here' }]);
    });

    it.each([
      ['an environment variable', `typeof process`],
      ['the bridge to the host', `typeof __wake + typeof __web`],
      ['the addon', `typeof ivm`],
      [
        'the function that called',
        `(() => { let caller; Object.prototype.toJSON = function toJSON() { caller ??= toJSON.caller ?? undefined; return this; };
        console.log({}); delete Object.prototype.toJSON; return typeof caller; })()`,
      ],
      ['shared memory', 'typeof SharedArrayBuffer + typeof Atomics'],
      ['what runs between runs', 'typeof FinalizationRegistry'],
    ])('%s cannot be seen', async (_name, expression) => {
      const [seen] = (await insights(running(`return [${expression}]`))) as string[];
      expect(seen).toMatch(/^(undefined)+$/);
    });

    it('whoever replaces what the platform is made of sees nothing that speaks to the host', async () => {
      const body = `
      const { apply, ownKeys } = Reflect; const descriptorOf = Object.getOwnPropertyDescriptor; const add = Set.prototype.add; const seen = new Set();
      const note = (value, depth = 2) => {
        if (typeof value === 'function') apply(add, seen, [value]);
        if (depth === 0 || typeof value !== 'object' || value === null) return;
        const keys = ownKeys(value);
        for (let at = 0; at < keys.length; at++) { const held = descriptorOf(value, keys[at]); if (held && 'value' in held) note(held.value, depth - 1); }
      };
      const overhear = (owner) => {
        for (const key of ownKeys(owner)) {
          const { value, writable } = descriptorOf(owner, key);
          if (typeof value !== 'function' || !writable || key === 'constructor') continue;
          owner[key] = function (...args) { note(this); for (let at = 0; at < args.length; at++) note(args[at]); return apply(value, this, args); };
        }
      };
      for (const kind of [Map, Set, WeakMap, Promise, String, Uint8Array, ArrayBuffer, Headers, Request, Response, AbortSignal, EventTarget]) overhear(kind.prototype);
      for (const owner of [Object, Function.prototype, Array.prototype, JSON, Math, Number, String, Date]) overhear(owner);
      setTimeout(() => {}, 1); console.log('heard'); crypto.getRandomValues(new Uint8Array(2)); queueMicrotask(() => {});
      await crypto.subtle.digest('SHA-256', new Uint8Array(3)); await cache.get('k').catch(() => {});
      await fetch('https://a.dev/', { method: 'POST', body: 'x', signal: AbortSignal.timeout(50) }).catch(() => {});
      console.log('heard ' + (seen.size > 10 ? 'many' : 'too few'));
      for (const one of seen) try { one(0, 'log', '{"level":"info","text":"told the host"}') } catch {}
      return []`;
      const before = logged.length;
      await codeOf(run(running(body), { limits: DEFAULT_LIMITS }));
      expect(logged.slice(before)).toContain('info: heard many');
      expect(logged.slice(before)).not.toContain('info: told the host');
    });

    it('a flood of calls ends before it reaches the runner', async () => {
      effects.length = 0;
      const body = `let refused = 0;
      const calls = Array.from({ length: 2_000 }, () => cache.get('k').catch(({ code }) => { refused += code === 'run.too_many_calls' ? 1 : 0 }));
      await Promise.all(calls); return [String(refused)]`;
      const answer = (): EffectOutcome => ({ isOk: true, head: {} });
      expect(await insights(running(body), { answer, limits: { ...LIMITS, wallMs: 5_000, cpuMs: 5_000 } })).toEqual([
        '1950',
      ]);
      expect(effects).toHaveLength(DEFAULT_LIMITS.calls);
    });

    it('a run that asks its host for ever is stopped on its own side of the wall', async () => {
      const body = `for (let n = 0; n < 20_000; n++) cache.get('x').catch(() => {}); await new Promise((r) => setTimeout(r, 50)); return []`;
      expect(await codeOf(run(running(body), { limits: DEFAULT_LIMITS }))).toMatch(/run\.(failed|out_of_cpu)/);
      expect(await retryOnce(bystander)).toHaveLength(1);
    });

    it('a line is never longer than a line', async () => {
      const body = `Object.prototype.toJSON = () => ({ level: 'info', text: 'x'.repeat(90_000) }); console.log(1);
      delete Object.prototype.toJSON; return []`;
      await run(running(body));
      expect(logged.at(-1)).toHaveLength('info: '.length + 2_000);
    });

    it('a call that carries too much ends before it reaches the runner', async () => {
      effects.length = 0;
      const body = `try { await cache.set('k', 'x'.repeat(3_000_000)) } catch ({ code }) { return [code] }`;
      expect(await insights(running(body))).toEqual(['outbound.too_large']);
      expect(effects).toHaveLength(0);
    });

    it('a version that ended two processes is put aside', async () => {
      const unstoppable = () => run(running('[].includes.call({ length: 2 ** 53 - 1 }, 1)'));
      expect(await codeOf(unstoppable())).toMatch(/run\.(timed_out|out_of_cpu)/);
      await untilKilled();
      expect(await codeOf(unstoppable())).toMatch(/run\.(timed_out|out_of_cpu)/);
      await untilKilled();
      expect(await codeOf(unstoppable())).toBe('run.put_aside');
      expect(await retryOnce(bystander)).toHaveLength(1);
    });

    const itAsRoot = process.platform === 'linux' && process.getuid?.() === 0 ? it : it.skip;
    itAsRoot('none lives as root', async () => {
      expect(await retryOnce(bystander)).toHaveLength(1); // a process is there
      for (const { pid } of approved())
        expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\t65534\t65534\t65534\t65534$/m);
    });

    it('a process that has gone deaf is ended, and nobody in it blamed', async () => {
      expect(await retryOnce(bystander)).toHaveLength(1); // a process is there
      const waiting = ['one', 'two'].map((name) =>
        codeOf(run(running(`await new Promise(() => {}); return '${name}'`))),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      for (const process of approved()) globalThis.process.kill(process.pid, 'SIGSTOP');
      expect(await Promise.all(waiting)).toEqual(['run.disturbed', 'run.disturbed']);
      expect(await retryOnce(bystander)).toHaveLength(1);
    });

    // A rope: half a gigabyte of text that its author has for nothing.
    const ROPE = `'x'.repeat(2 ** 29 - 100)`;
    const STEAL = `let lent = { ask() {} }; const { defineProperty } = Object; Object.defineProperty = (of, key, how) => { if (how?.value?.digestOutside) lent = how.value; return defineProperty(of, key, how); }; globalThis[['fet', 'ch'].join('')];`;
    it.each([
      ['a stack that is none', `String.prototype.slice = () => 5; fetch('https://a.b'); await new Promise(() => {})`],
      [
        'a digest of half a gigabyte of name',
        `for (let n = 0; n < 10; n++) try { crypto.digestSync(${ROPE} + n, new Uint8Array()) } catch {}`,
      ],
      [
        'a digest under half a gigabyte of key',
        `String.fromCharCode = { apply: () => ${ROPE} }; for (let n = 0; n < 10; n++) try { crypto.digestSync('md5', new Uint8Array(), new Uint8Array(1)) } catch {}`,
      ],
      [
        'half a gigabyte of question',
        `${STEAL} for (let n = 0; n < 10; n++) lent.ask(${ROPE} + n, 1)?.catch(() => {}); await new Promise(() => {})`,
      ],
    ])('hurts nobody who sends its host %s', async (_what, body) => {
      const [process] = approved();
      const answer = () => new Promise<never>(() => {});
      const [, neighbour] = await Promise.all([codeOf(run(running(body), { answer: answer as never })), bystander()]);
      expect(neighbour).toEqual([{ type: 'text', content: 'here' }]);
      await sleep(500); // the memory is looked at four times a second
      expect(approved()[0] === process).toBe(true);
    });

    it('what is asked of the isolate goes through nothing that its code can replace', async () => {
      const bent = `Array.prototype[Symbol.iterator] = function* () { for (let n = 0; n < this.length; n++) yield typeof this[n] === 'number' ? ${ROPE} : this[n]; };`;
      expect(await codeOf(run(`${bent} ${running('return []')}`))).toBe('answered');
    });

    it('says what its last call was in few words, however many it has', async () => {
      const body = `let isBent = false; Object.prototype.toJSON = function () { if (isBent) return this; isBent = true; return { method: 'x'.repeat(1e6), url: 'https://a', headers: [], redirect: 'follow' }; }; fetch('https://a.b').catch(() => {}); await new Promise(() => {})`;
      expect((await messageOf(run(running(body)))).length).toBeLessThan(400);
    });

    it('those who were in an ended process run alone, a few at a time, until they have shown to be harmless', async () => {
      expect(await retryOnce(bystander)).toHaveLength(1); // a process is there
      const crowd = Array.from({ length: 6 }, (_, index) =>
        running(
          `await sleep(); return '${index}'; function sleep() { return new Promise((done) => setTimeout(done, 300)); }`,
        ),
      );
      const together = () => Promise.all(crowd.map((file) => codeOf(run(file, { limits: DEFAULT_LIMITS }))));
      const ended = together();
      await sleep(100);
      for (const process of approved()) process.kill();
      expect(new Set(await ended)).toEqual(new Set(['run.disturbed']));

      const suspects = () => (Reflect.get(pool, 'suspects') as { size: number }).size;
      const all = suspects();
      const before = performance.now();
      for (let rounds = 0; rounds < 3; rounds++) {
        expect(suspects()).toBe(all);
        expect(new Set(await together())).toEqual(new Set(['answered']));
      }
      expect(performance.now() - before).toBeGreaterThan(3 * 2 * 300); // four at a time
      expect(suspects()).toBe(all - crowd.length);
    });

    it('isolates promise no more heap than their process has: whoever finds no place waits', async () => {
      const held = Array.from({ length: 24 }, (_, index) =>
        running(`await new Promise((done) => setTimeout(done, 400)); return '${index}'`),
      );
      const took = performance.now();
      const codes = await Promise.all(held.map((file) => codeOf(run(file, { limits: DEFAULT_LIMITS }))));
      expect(new Set(codes)).toEqual(new Set(['answered']));
      expect(performance.now() - took).toBeGreaterThan(800); // (1500 - 100) / 64 at a time
    });

    it('a process that ends is replaced once, also where somebody was waiting for it', async () => {
      for (const process of approved()) process.kill();
      expect(await retryOnce(bystander)).toHaveLength(1);
      await untilKilled();
      expect(approved()).toHaveLength(1);
    });

    it('unapproved code never shares a process with approved code', async () => {
      const visitor = { onEffect: async () => noAnswer(), onLog: () => {} };
      const code = `var __integration = { run: () => { for (;;) [].indexOf.call({ length: 2 ** 53 - 1 }, 1) } }`;
      const digest = createHash('sha256').update(code).digest('hex');
      const work = {
        kind: 'run',
        digest,
        limits: LIMITS,
        code,
        run: { digest, isolation: 'fresh', context: '{}', secrets: {}, limits: LIMITS },
      } as const;
      const [, ...neighbours] = await Promise.all([
        codeOf(pool.perform(work, visitor, false)),
        bystander(),
        bystander(),
        bystander(),
      ]);
      expect(neighbours.flat()).toHaveLength(3); // none had to be repeated
    });
  });

  // The gateway repeats a disturbed run once, with a new ticket; so do these tests.
  async function retryOnce<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if ((error as Fault).code !== 'run.disturbed') throw error;
      return work();
    }
  }

  const untilKilled = () => new Promise((resolve) => setTimeout(resolve, 1_000));
}
