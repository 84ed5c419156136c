import { LRUCache } from 'lru-cache';
import type { ResultCache } from './result-cache.ts';

/** In this process, within a budget of bytes; the least recently used goes first. */
export function memoryCache({ bytes }: { bytes: number }): ResultCache {
  const texts = new LRUCache<string, string>({
    maxSize: Math.max(1, bytes), // 0 means "keep nothing" here and "no bound" there
    sizeCalculation: (text, key) => 2 * (text.length + key.length) + 100,
  });
  return {
    read: async (key) => texts.get(key),
    write: async (key, text, keepMs) => {
      texts.set(key, text, { ttl: keepMs });
    },
  };
}
