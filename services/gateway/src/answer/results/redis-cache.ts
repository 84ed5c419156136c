import { countReads } from '../../redis/redis-counts.ts';
import { type RedisLink, WRITE_MS } from '../../redis/redis-link.ts';
import type { Place, Seal } from '../../redis/seal.ts';
import type { ResultCache } from './result-cache.ts';

/** Sealed. A larger text is neither written nor, whoever wrote it, taken over the wire. */
const MOST_BYTES = 1_000_000;

/** What all gateways share. Redis that is slow or away looks empty. */
export function redisCache(link: RedisLink, seal: Seal, onForgery: (key: string) => void = () => {}): ResultCache {
  const found = countReads();
  const readAt = async (place: Place, key: string): Promise<string | undefined> => {
    // A part of the value, so that a huge one is not taken in to be found too large.
    const bytes = await link.ask((redis) => redis.getrangeBuffer(addressOf(place), 0, MOST_BYTES));
    if (bytes === undefined) return undefined;
    const text = bytes.length === 0 || bytes.length > MOST_BYTES ? undefined : place.open(bytes);
    if (text === undefined && bytes.length > 0) onForgery(key);
    found(text !== undefined ? 'hit' : bytes.length === 0 ? 'miss' : 'forged');
    return text;
  };
  return {
    async read(key) {
      const texts = await Promise.all(seal.places('answer', key).map((place) => readAt(place, key)));
      return texts.find((text) => text !== undefined);
    },
    async write(key, text, keepMs) {
      const place = seal.place('answer', key);
      const bytes = place.close(text);
      if (bytes.length > MOST_BYTES) return;
      await link.ask((redis) => redis.set(addressOf(place), bytes, 'PX', Math.ceil(keepMs)), {
        withinMs: WRITE_MS,
        bytes: bytes.length,
      });
    },
  };
}

const addressOf = ({ address }: Place): string => `fp:a:${address}`;
