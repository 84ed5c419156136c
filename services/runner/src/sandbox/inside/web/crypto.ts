import { fromBase64 } from '@exodus/bytes/base64.js';
import { randomBytes } from '../guest/bridge.ts';
import { digestSync } from './digest.ts';
import { asInterface } from './interface.ts';
import { subtle } from './subtle-crypto.ts';

const MOST_RANDOM_BYTES = 65_536;
const INTEGERS = /^(Uint8|Uint8Clamped|Int8|Uint16|Int16|Uint32|Int32|BigUint64|BigInt64)Array$/;

function getRandomValues<T extends ArrayBufferView>(view: T): T {
  if (!ArrayBuffer.isView(view) || !INTEGERS.test(Object.prototype.toString.call(view).slice(8, -1)))
    throw new DOMException('getRandomValues needs an array of integers.', 'TypeMismatchError');
  if (view.byteLength > MOST_RANDOM_BYTES)
    throw new DOMException(`At most ${MOST_RANDOM_BYTES} random bytes at a time.`, 'QuotaExceededError');
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(fromBase64(randomBytes(view.byteLength)));
  return view;
}

export function randomUUID(): string {
  const bytes = getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export class Crypto {
  get subtle(): typeof subtle {
    return subtle;
  }
  getRandomValues<T extends ArrayBufferView>(view: T): T {
    return getRandomValues(view);
  }
  randomUUID(): string {
    return randomUUID();
  }
  /** Ours: for the stand-ins of Node's `crypto` and of SDKs' own digests in JavaScript. */
  digestSync = digestSync;
}

asInterface({ Crypto });

export const crypto = new Crypto();
