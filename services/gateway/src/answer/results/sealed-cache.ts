import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { ResultCache } from './result-cache.ts';

/**
 * Wraps any cache so that only gateways can put something in: every text carries a code made with a key that only they hold, over
 * the entry's key as well, so that a true text moved to another key is refused too. What does not fit counts as not there.
 * Keys are hashed: contexts name repositories and people, and need not be readable where answers are kept.
 */
export function sealedCache(
  cache: ResultCache,
  key: Uint8Array,
  onForgery: (key: string) => void = () => {},
): ResultCache {
  const codeOf = (entryKey: string, text: string) =>
    createHmac('sha256', key)
      .update(`${Buffer.byteLength(entryKey)}:${entryKey}`)
      .update(text)
      .digest();
  return {
    async read(entryKey) {
      const sealed = await cache.read(addressOf(entryKey));
      if (sealed === undefined) return undefined;
      const code = Buffer.from(sealed.slice(0, CODE_LENGTH), 'base64url');
      const text = sealed.slice(CODE_LENGTH);
      const expected = codeOf(entryKey, text);
      if (code.length === expected.length && timingSafeEqual(code, expected)) return text;
      onForgery(entryKey);
      return undefined;
    },
    write: (entryKey, text, keepMs) =>
      cache.write(addressOf(entryKey), codeOf(entryKey, text).toString('base64url') + text, keepMs),
  };
}

/** 32 bytes as base64url */
const CODE_LENGTH = 43;

const addressOf = (entryKey: string): string => hash('sha256', entryKey, 'base64url');
