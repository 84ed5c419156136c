import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '@fingerpost/contracts';
import type { EffectOutcome } from '../protocol.ts';
import { codeOf, LIMITS, messageOf, retryOnce, running, type SandboxUnderTest } from './sandbox-under-test.ts';

export function floodsSuite({ run, insights, effects, logged, bystander, approved }: SandboxUnderTest): void {
  describe('code that floods its host', () => {
    it('has its calls counted before they reach the runner', async () => {
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

    it('is stopped on its own side of the wall when it asks for ever', async () => {
      const body = `for (let n = 0; n < 20_000; n++) cache.get('x').catch(() => {}); await new Promise((r) => setTimeout(r, 50)); return []`;
      expect(await codeOf(run(running(body), { limits: DEFAULT_LIMITS }))).toMatch(/run\.(failed|out_of_cpu)/);
      expect(await retryOnce(bystander)).toHaveLength(1);
    });

    it('never logs a line that is longer than a line', async () => {
      const body = `Object.prototype.toJSON = () => ({ level: 'info', text: 'x'.repeat(90_000) }); console.log(1);
      delete Object.prototype.toJSON; return []`;
      await run(running(body));
      expect(logged.at(-1)).toHaveLength('info: '.length + 2_000);
    });

    it('has a call that carries too much refused before it reaches the runner', async () => {
      effects.length = 0;
      const body = `try { await cache.set('k', 'x'.repeat(3_000_000)) } catch ({ code }) { return [code] }`;
      expect(await insights(running(body))).toEqual(['outbound.too_large']);
      expect(effects).toHaveLength(0);
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
    ])('hurts nobody by sending %s', async (_what, body) => {
      const [process] = approved();
      const answer = () => new Promise<never>(() => {});
      const [, neighbour] = await Promise.all([codeOf(run(running(body), { answer: answer as never })), bystander()]);
      expect(neighbour).toEqual([{ type: 'text', content: 'here' }]);
      await sleep(500); // the memory is looked at four times a second
      expect(approved()[0] === process).toBe(true);
    });

    it('is asked through nothing that it can replace', async () => {
      const bent = `Array.prototype[Symbol.iterator] = function* () { for (let n = 0; n < this.length; n++) yield typeof this[n] === 'number' ? ${ROPE} : this[n]; };`;
      expect(await codeOf(run(`${bent} ${running('return []')}`))).toBe('answered');
    });

    it('is told what its last call was in few words, however many that has', async () => {
      const body = `let isBent = false; Object.prototype.toJSON = function () { if (isBent) return this; isBent = true; return { method: 'x'.repeat(1e6), url: 'https://a', headers: [], redirect: 'follow' }; }; fetch('https://a.b').catch(() => {}); await new Promise(() => {})`;
      expect((await messageOf(run(running(body)))).length).toBeLessThan(400);
    });
  });
}
