import { DEFAULT_LIMITS } from '@fingerpost/contracts';
import { codeOf, running, type SandboxUnderTest } from './sandbox-under-test.ts';

const CROWD = 30;

/** Versions that have agreed to take all there is, each of them no more than its share. */
export function crowdSuite({ run, insights }: SandboxUnderTest): void {
  describe('a crowd of hostile versions', () => {
    const crowd = Array.from({ length: CROWD }, (_, index) =>
      running(`await new Promise((done) => setTimeout(done, 300)); return '${index}'`),
    );
    const rush = (isolation: 'clean' | 'fresh') =>
      crowd.map((file) => codeOf(run(file, { isolation, limits: DEFAULT_LIMITS })));

    it('does not take away the isolate of a version that uses little', async () => {
      const good = running('globalThis.runs = (globalThis.runs ?? 0) + 1; return [String(runs)]');
      const runs = () => insights(good, { isolation: 'warm', limits: DEFAULT_LIMITS });
      for (let round = 0; round < 3; round++) await Promise.all(rush('clean')); // nobody knows them at first
      await runs();
      for (const expected of ['2', '3', '4']) {
        await Promise.all(rush('clean'));
        expect(await runs()).toEqual([expected]);
      }
    }, 60_000);

    it('does not stand in line before one', async () => {
      const ended: string[] = [];
      const rushing = rush('fresh').map((one) => one.then(() => ended.push('hostile')));
      await run(running(`return 'good'`), { limits: DEFAULT_LIMITS }).then(() => ended.push('good'));
      await Promise.all(rushing);
      expect(ended.indexOf('good')).toBeLessThan(CROWD / 2);
    });
  });
}
