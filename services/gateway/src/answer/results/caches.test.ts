import { memoryCache } from './memory-cache.ts';
import { resultCacheContract } from './result-cache.contract.ts';
import type { ResultCache } from './result-cache.ts';
import { sealedCache } from './sealed-cache.ts';

const key = Buffer.alloc(32, 1);

resultCacheContract('memory', async () => ({ cache: memoryCache({ bytes: 1_000_000 }) }));
resultCacheContract('memory, sealed', async () => ({ cache: sealedCache(memoryCache({ bytes: 1_000_000 }), key) }));

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

/** A cache whose entries can be reached from behind, as somebody who has broken into it could. */
function openCache() {
  const entries = new Map<string, string>();
  const cache: ResultCache = {
    read: async (entry) => entries.get(entry),
    write: async (entry, text) => void entries.set(entry, text),
  };
  return { cache, entries };
}

describe('the sealed cache', () => {
  const setUp = async () => {
    const { cache, entries } = openCache();
    const forgeries: string[] = [];
    const sealed = sealedCache(cache, key, (entry) => forgeries.push(entry));
    await sealed.write('mine', 'true', 1_000);
    await sealed.write('theirs', 'also true', 1_000);
    return { cache, entries, forgeries, sealed };
  };

  it('refuses a text that was changed, and says so', async () => {
    const { entries, sealed, forgeries } = await setUp();
    for (const [address, text] of entries) entries.set(address, text.replace('true', 'fals'));
    expect(await sealed.read('mine')).toBeUndefined();
    expect(forgeries).toEqual(['mine']);
  });

  it('refuses a true text that was moved to another key', async () => {
    const { entries, sealed } = await setUp();
    const [[mine], [, theirs]] = [...entries] as [[string, string], [string, string]];
    entries.set(mine, theirs);
    expect(await sealed.read('mine')).toBeUndefined();
  });

  it.each(['', 'x', 'true', '{}', 'A'.repeat(43), `${'A'.repeat(43)}true`])(
    'refuses a text without a seal: %j',
    async (text) => {
      const { entries, sealed } = await setUp();
      for (const address of entries.keys()) entries.set(address, text);
      expect(await sealed.read('mine')).toBeUndefined();
    },
  );

  it('refuses what a gateway with another key wrote', async () => {
    const { cache } = await setUp();
    expect(await sealedCache(cache, Buffer.alloc(32, 2)).read('mine')).toBeUndefined();
  });

  it('shows neither keys nor the border between key and text to whoever reads along', async () => {
    const { entries, sealed } = await setUp();
    await sealed.write('acme/secret-project', 'x', 1_000);
    expect([...entries.keys()].join()).not.toContain('acme');
    await sealed.write('a', 'bc', 1_000);
    await sealed.write('ab', 'c', 1_000);
    const seals = [...entries.values()].slice(-2).map((text) => text.slice(0, 43));
    expect(seals[0]).not.toBe(seals[1]);
  });
});
