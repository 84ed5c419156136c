import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, PAGE, type RunOptions, type SandboxUnderTest } from './sandbox-under-test.ts';

export function warmSuite({ insights }: SandboxUnderTest): void {
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

    it('keeps an isolate for those, too, for whom the first one has no place', async () => {
      const file = `let runs = 0; module.exports = { run: async () => { await new Promise((done) => setTimeout(done, 200)); return [++runs]; } }`;
      const keptOf = async (count: number) => {
        const answers = await Promise.all(Array.from({ length: count }, () => warm(file)));
        return answers.filter((runs) => Number(runs) > 1).length;
      };
      await keptOf(16);
      const keptInOneIsolate = 4;
      expect(await keptOf(16)).toBeGreaterThan(keptInOneIsolate);
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
}
