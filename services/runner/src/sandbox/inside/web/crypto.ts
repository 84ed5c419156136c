import { fromBase64 } from '@exodus/bytes/base64.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { randomBytes } from '../guest/bridge.ts';

const HASHES: Record<string, (bytes: Uint8Array) => Uint8Array> = {
  'SHA-1': sha1,
  'SHA-256': sha256,
  'SHA-384': sha384,
  'SHA-512': sha512,
};
const MOST_RANDOM_BYTES = 65_536;

function getRandomValues<T extends ArrayBufferView>(view: T): T {
  if (
    !ArrayBuffer.isView(view) ||
    view instanceof DataView ||
    view instanceof Float32Array ||
    view instanceof Float64Array
  )
    throw new DOMException('getRandomValues needs an array of integers.', 'TypeMismatchError');
  if (view.byteLength > MOST_RANDOM_BYTES)
    throw new DOMException(`At most ${MOST_RANDOM_BYTES} random bytes at a time.`, 'QuotaExceededError');
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(fromBase64(randomBytes(view.byteLength)));
  return view;
}

function randomUUID(): string {
  const bytes = getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

async function digest(algorithm: string | { name: string }, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer> {
  const name = (typeof algorithm === 'string' ? algorithm : algorithm.name).toUpperCase();
  const hash = HASHES[name];
  if (hash === undefined)
    throw new DOMException(
      `crypto.subtle.digest knows ${Object.keys(HASHES).join(', ')}, not ${name}.`,
      'NotSupportedError',
    );
  const bytes = ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
  return hash(bytes).slice().buffer as ArrayBuffer;
}

export const crypto = { getRandomValues, randomUUID, subtle: { digest } };
