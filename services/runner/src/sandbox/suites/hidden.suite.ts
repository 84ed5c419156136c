import { DEFAULT_LIMITS } from '@fingerpost/contracts';
import { running, type SandboxUnderTest } from './sandbox-under-test.ts';

export function hiddenSuite({ run, insights, logged }: SandboxUnderTest): void {
  describe('code that looks for its host', () => {
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
    ])('cannot see %s', async (_name, expression) => {
      const [seen] = (await insights(running(`return [${expression}]`))) as string[];
      expect(seen).toMatch(/^(undefined)+$/);
    });

    it('hears nothing that speaks to the host, whatever it replaces', async () => {
      const body = `
      const { apply, ownKeys } = Reflect; const descriptorOf = Object.getOwnPropertyDescriptor; const add = Set.prototype.add; const seen = new Set(); let listens = true;
      const note = (value, depth = 2) => {
        if (!listens) return;
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
      listens = false; const found = [...seen];
      for (let at = 0; at < found.length; at++) try { found[at](0, 'log', '{"level":"info","text":"told the host"}', '') } catch {}
      console.log('tried all');
      return []`;
      const before = logged.length;
      await run(running(body), { limits: { ...DEFAULT_LIMITS, cpuMs: 10_000, wallMs: 20_000, logLines: 1_000 } });
      const lines = logged.slice(before).map((line) => line.replace(/ +/g, ' ')); // console.group is among those tried
      expect(lines).toEqual(expect.arrayContaining(['info: heard many', 'info: tried all']));
      expect(lines).not.toContain('info: told the host');
    });
  });
}
