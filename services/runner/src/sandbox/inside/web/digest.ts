import { hmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { digestOutside } from '../guest/bridge.ts';

const HASHES = { md5, sha1, sha256, sha384, sha512 };
export type DigestName = keyof typeof HASHES;
const CHARS_AT_ONCE = 8_192;

export const isDigestName = (name: string): name is DigestName => Object.hasOwn(HASHES, name);

/** Digest of bytes, or their HMAC under a key: by the host while they are few, else in here. */
export function digestSync(name: DigestName, bytes: Uint8Array, key?: Uint8Array): Uint8Array {
  const outside = digestOutside(name, toChars(bytes), key === undefined ? undefined : toChars(key));
  if (outside !== undefined) return Uint8Array.from(outside, (char) => char.charCodeAt(0));
  return key === undefined ? HASHES[name](bytes) : hmac(HASHES[name], key, bytes);
}

function toChars(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.byteLength; at += CHARS_AT_ONCE)
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + CHARS_AT_ONCE) as unknown as number[]);
  return text;
}
