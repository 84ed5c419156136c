import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DEFAULT_LIMITS } from '@fingerpost/contracts';
import {
  codeOf,
  LIMITS,
  noAnswer,
  retryOnce,
  running,
  type SandboxUnderTest,
  untilKilled,
} from './sandbox-under-test.ts';

export function processesSuite({ pool, run, approved, bystander }: SandboxUnderTest): void {
  describe('a sandbox process', () => {
    const itAsRoot = process.platform === 'linux' && process.getuid?.() === 0 ? it : it.skip;
    itAsRoot('does not live as root, nor as the user of another: they could read and end one another', async () => {
      expect(await retryOnce(bystander)).toHaveLength(1); // a process is there
      const { unapproved } = Reflect.get(pool, 'processes') as { unapproved: { pid: number }[] };
      const users = [...approved(), ...unapproved].map(
        ({ pid }) => /^Uid:\t(\d+)\t\1\t\1\t\1$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1],
      );
      const isPoor = !/ 4294967295$/m.test(readFileSync('/proc/self/uid_map', 'utf8')); // a container with few numbers
      expect(users).not.toContain(undefined);
      expect(users).not.toContain('0');
      expect(isPoor || new Set(users).size === users.length).toBe(true);
    });

    it('is ended when it has gone deaf, and nobody in it blamed', async () => {
      expect(await retryOnce(bystander)).toHaveLength(1); // a process is there
      const waiting = ['one', 'two'].map((name) =>
        codeOf(run(running(`await new Promise(() => {}); return '${name}'`))),
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      for (const process of approved()) globalThis.process.kill(process.pid, 'SIGSTOP');
      expect(await Promise.all(waiting)).toEqual(['run.disturbed', 'run.disturbed']);
      expect(await retryOnce(bystander)).toHaveLength(1);
    });

    it('is nobody’s fault when it is killed from outside, not even of who was alone in it', async () => {
      expect(await retryOnce(bystander)).toHaveLength(1); // a process is there
      const ended = codeOf(run(running('await new Promise((done) => setTimeout(done, 300)); return "killed"')));
      await new Promise((resolve) => setTimeout(resolve, 150));
      for (const process of approved()) globalThis.process.kill(process.pid, 'SIGKILL');
      expect(await ended).toBe('run.disturbed'); // who is blamed is told `run.timed_out`
    });

    it('promises isolates no more heap than it has: whoever finds no place waits', async () => {
      const held = Array.from({ length: 24 }, (_, index) =>
        running(`await new Promise((done) => setTimeout(done, 400)); return '${index}'`),
      );
      const took = performance.now();
      const codes = await Promise.all(held.map((file) => codeOf(run(file, { limits: DEFAULT_LIMITS }))));
      expect(new Set(codes)).toEqual(new Set(['answered']));
      expect(performance.now() - took).toBeGreaterThan(800); // (1500 - 100) / 64 at a time
    });

    it('is replaced once when it ends, also where somebody was waiting for it', async () => {
      for (const process of approved()) process.kill();
      expect(await retryOnce(bystander)).toHaveLength(1);
      await untilKilled();
      expect(approved()).toHaveLength(1);
    });

    it('is never shared by unapproved and approved code', async () => {
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
}
