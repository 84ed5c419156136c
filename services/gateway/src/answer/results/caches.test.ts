import { memoryCache } from './memory-cache.ts';
import { resultCacheContract } from './result-cache.contract.ts';

resultCacheContract('memory', async () => ({ cache: memoryCache({ bytes: 1_000_000 }) }));

describe('the memory cache', () => {
  it('stays within its budget and lets the least recently used go', async () => {
    const cache = memoryCache({ bytes: 10_000 });
    for (let n = 0; n < 100; n++) await cache.write(`key ${n}`, 'x'.repeat(500), 60_000);
    expect(await cache.read('key 0')).toBeUndefined();
    expect(await cache.read('key 99')).toBe('x'.repeat(500));
  });

  it('keeps nothing where it has no room', async () => {
    const cache = memoryCache({ bytes: 0 });
    await cache.write('key', 'text', 60_000);
    expect(await cache.read('key')).toBeUndefined();
  });
});
