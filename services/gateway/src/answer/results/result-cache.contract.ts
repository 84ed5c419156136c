import { setTimeout as sleep } from 'node:timers/promises';
import type { ResultCache } from './result-cache.ts';

/** What every cache of answers promises. */
export function resultCacheContract(
  name: string,
  makeCache: () => Promise<{ cache: ResultCache; close?: () => Promise<void> }>,
): void {
  describe(`${name} as a cache of answers`, () => {
    let made: Awaited<ReturnType<typeof makeCache>>;
    beforeEach(async () => {
      made = await makeCache();
    });
    afterEach(() => made.close?.());

    it('has nothing under a key that nobody wrote', async () => {
      expect(await made.cache.read('unknown')).toBeUndefined();
    });

    it('gives back what was written last', async () => {
      await made.cache.write('key', 'one', 60_000);
      await made.cache.write('key', 'two, with "quotes" and ünï©ode', 60_000);
      expect(await made.cache.read('key')).toBe('two, with "quotes" and ünï©ode');
    });

    it('keeps keys apart, however alike they are', async () => {
      const keys = ['a b', 'a  b', '["a","b"]', '["a", "b"]', 'A B', '__proto__', 'constructor', 'k'.repeat(5_000)];
      for (const key of keys) await made.cache.write(key, `of ${key}`, 60_000);
      for (const key of keys) expect(await made.cache.read(key)).toBe(`of ${key}`);
    });

    it('forgets what is too old', async () => {
      await made.cache.write('short', 'here', 20);
      await sleep(80);
      expect(await made.cache.read('short')).toBeUndefined();
    });
  });
}
