import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '@fingerpost/contracts';
import { codeOf, running, sandboxUnderTest } from './suites/sandbox-under-test.ts';

/** Of a runner with 2 GB and two processes: one isolate has room in each. */
const MEMORY_MB = 206;

describe('a sandbox process with little memory', () => {
  const { run } = sandboxUnderTest('process', MEMORY_MB);
  const many = (count: number, file: string) =>
    Promise.all(Array.from({ length: count }, () => codeOf(run(file, { isolation: 'clean', limits: DEFAULT_LIMITS }))));
  const waiting = (ms: number, salt = '') =>
    running(`await new Promise((done) => setTimeout(done, ${ms})); return '${salt}'`);

  it('finds a place for twenty runs of one version at once, the first ones too', async () => {
    const file = waiting(300, 'twenty');
    expect(new Set(await many(20, file))).toEqual(new Set(['answered']));
  });

  it('crowds nobody whose heap is needed', async () => {
    const file = running(`const held = new Uint8Array(3_000_000).fill(1);
      await new Promise((done) => setTimeout(done, 1_500)); return String(held.length)`);
    await many(1, file);
    const early = many(8, file);
    await sleep(500);
    const late = await many(12, file);
    expect(new Set(late)).toEqual(new Set(['answered', 'runner.full']));
    expect(new Set(await early)).toEqual(new Set(['answered']));
  }, 20_000);

  it('says soon that it is full, while another runner may have room', async () => {
    const busy = many(1, waiting(3_000, 'busy'));
    const since = performance.now();
    expect(await many(3, waiting(10, 'another'))).toEqual(['runner.full', 'runner.full', 'runner.full']);
    expect(performance.now() - since).toBeLessThan(2_000);
    expect(await busy).toEqual(['answered']);
  }, 10_000);

  it('is kept to itself by nobody: a version whose runs follow without a gap makes room for one that has used less', async () => {
    let goesOn = true;
    const greedy = Array.from({ length: 4 }, async (_, n) => {
      await sleep(n * 100);
      while (goesOn) if (new Set(await many(1, waiting(400, 'greedy'))).has('runner.full')) await sleep(30);
    });
    await sleep(2_000);
    const tries: string[] = [];
    while (tries.at(-1) !== 'answered' && tries.length < 6) tries.push(...(await many(1, waiting(10, 'modest'))));
    goesOn = false;
    await Promise.all(greedy);
    expect(tries.at(-1)).toBe('answered');
  }, 30_000);
});
