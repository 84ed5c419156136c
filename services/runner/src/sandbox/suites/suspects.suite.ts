import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '@fingerpost/contracts';
import { codeOf, retryOnce, running, type SandboxUnderTest, untilKilled } from './sandbox-under-test.ts';

export function suspectsSuite({ pool, run, approved, bystander }: SandboxUnderTest): void {
  describe('a version that was in an ended process', () => {
    it('is put aside when it ended two', async () => {
      const unstoppable = () => run(running('[].includes.call({ length: 2 ** 53 - 1 }, 1)'));
      expect(await codeOf(unstoppable())).toMatch(/run\.(timed_out|out_of_cpu)/);
      await untilKilled();
      expect(await codeOf(unstoppable())).toMatch(/run\.(timed_out|out_of_cpu)/);
      await untilKilled();
      expect(await codeOf(unstoppable())).toBe('run.put_aside');
      expect(await retryOnce(bystander)).toHaveLength(1);
    });

    it('runs alone, a few at a time, until it has shown to be harmless', async () => {
      expect(await retryOnce(bystander)).toHaveLength(1); // a process is there
      const crowd = Array.from({ length: 6 }, (_, index) =>
        running(
          `await sleep(); return '${index}'; function sleep() { return new Promise((done) => setTimeout(done, 300)); }`,
        ),
      );
      const placed = async (file: string): Promise<string> => {
        const code = await codeOf(run(file, { limits: DEFAULT_LIMITS }));
        return code === 'runner.full' ? placed(file) : code; // as the gateway does it
      };
      const together = () => Promise.all(crowd.map(placed));
      const ended = together();
      await sleep(100);
      for (const process of approved()) process.kill();
      expect(new Set(await ended)).toEqual(new Set(['run.disturbed']));

      const suspects = () => (Reflect.get(Reflect.get(pool, 'suspects'), 'alone') as { size: number }).size;
      const all = suspects();
      const before = performance.now();
      for (let rounds = 0; rounds < 3; rounds++) {
        expect(suspects()).toBe(all);
        expect(new Set(await together())).toEqual(new Set(['answered']));
      }
      expect(performance.now() - before).toBeGreaterThan(3 * 2 * 300); // four at a time
      expect(suspects()).toBe(all - crowd.length);
    });
  });
}
