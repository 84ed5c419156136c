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

  it('shows a run nothing of the others in its isolate, however many they are', async () => {
    const file = running(`
      const mine = context.url;
      const places = [globalThis, Object, Array, Map, Promise, RegExp, Error, JSON, Math, Reflect, Symbol, String, console, logger, cache, fetch, URL,
        Headers, TextEncoder, structuredClone, setTimeout, queueMicrotask, metadataOf(require), context, secrets].filter(Boolean);
      function metadataOf(value) { return typeof value === 'function' ? value : undefined; }
      const all = places.flatMap((place) => [place, place.prototype, Object.getPrototypeOf(place), place.constructor]).filter(Boolean);
      const seen = new Set();
      const look = () => {
        for (const place of all) if (place.planted !== undefined && place.planted !== mine) seen.add(place.planted);
        const { lastMatch, input } = RegExp;
        for (const text of [lastMatch, input, RegExp.$1]) if (/^https:.*[0-9]$/.test(text) && text !== mine) seen.add(text);
      };
      for (const place of all) try { place.planted = mine; } catch {}
      Error.prepareStackTrace = () => mine;
      for (let n = 0; n < 20; n++) {
        /(.+)/.exec(mine);
        await new Promise((done) => setTimeout(done, 10));
        look();
        const { stack } = new Error('x');
        if (stack !== mine) seen.add(String(stack));
      }
      return [seen.size === 0 ? 'nothing' : [...seen].join()];`);
    const answers = Array.from({ length: 20 }, async (_, n) => {
      const context = { type: 'generic', url: `https://acme.dev/${n}` };
      return (await run(file, { isolation: 'clean', limits: DEFAULT_LIMITS, context: context as never })).insights;
    });
    expect(new Set((await Promise.all(answers)).flat())).toEqual(new Set(['nothing']));
  }, 20_000);
});

/** Of a runner with 4 GB and two processes: five isolates have room in each, and one of them may stay. */
const USUAL_MB = 462;

describe('a sandbox process with some memory', () => {
  const { insights } = sandboxUnderTest('process', USUAL_MB);

  it('keeps the isolate of a version that has more runs than fit into it', async () => {
    const file = `let runs = 0; module.exports = { run: async () => { await new Promise((done) => setTimeout(done, 100)); return [++runs]; } }`;
    const counts = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        await sleep(n * 10);
        const run = () => insights(file, { isolation: 'warm', limits: DEFAULT_LIMITS });
        return [await run(), await run(), await run(), await run()].flat();
      }),
    );
    const inKeptOnes = counts.flat().filter((runs) => Number(runs) > 1);
    expect(inKeptOnes.length).toBeGreaterThan(10);
  }, 10_000);
});
