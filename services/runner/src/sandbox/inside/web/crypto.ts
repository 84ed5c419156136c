import { fromBase64 } from '@exodus/bytes/base64.js';
import { randomBytes } from '../guest/bridge.ts';
import { type DigestName, digestSync, isDigestName } from './digest.ts';

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

async function digest(algorithm: Algorithm, data: Data): Promise<ArrayBuffer> {
  return toBuffer(digestSync(hashNamed(algorithm), bytesOf(data)));
}

/** A key that can sign: HMAC only, made of bytes that the code has already. */
interface Key {
  type: 'secret';
  algorithm: { name: 'HMAC'; hash: { name: string }; length: number };
  extractable: boolean;
  usages: string[];
}
const keyBytes = new WeakMap<Key, Uint8Array>();

async function importKey(
  format: string,
  data: Data,
  algorithm: Algorithm & { hash?: Algorithm },
  extractable: boolean,
  usages: string[],
): Promise<Key> {
  if (format !== 'raw' || nameOf(algorithm) !== 'HMAC' || algorithm.hash === undefined)
    throw notSupported('importKey takes raw bytes for HMAC');
  const bytes = bytesOf(data).slice();
  const hash = { name: nameOf(algorithm.hash) };
  hashNamed(hash);
  const key: Key = {
    type: 'secret',
    algorithm: { name: 'HMAC', hash, length: bytes.byteLength * 8 },
    extractable,
    usages,
  };
  keyBytes.set(key, bytes);
  return key;
}

async function sign(_algorithm: Algorithm, key: Key, data: Data): Promise<ArrayBuffer> {
  const bytes = keyBytes.get(key);
  if (bytes === undefined) throw notSupported('sign takes a key of importKey');
  return toBuffer(digestSync(hashNamed(key.algorithm.hash), bytesOf(data), bytes));
}

async function verify(algorithm: Algorithm, key: Key, signature: Data, data: Data): Promise<boolean> {
  const wanted = new Uint8Array(await sign(algorithm, key, data));
  const given = bytesOf(signature);
  return wanted.byteLength === given.byteLength && wanted.every((byte, index) => byte === given[index]);
}

type Algorithm = string | { name: string };
type Data = ArrayBuffer | ArrayBufferView;

const nameOf = (algorithm: Algorithm) => (typeof algorithm === 'string' ? algorithm : algorithm.name).toUpperCase();

function hashNamed(algorithm: Algorithm): DigestName {
  const name = nameOf(algorithm).replace('-', '').toLowerCase();
  if (name === 'md5' || !isDigestName(name))
    throw notSupported(`digests are SHA-1, SHA-256, SHA-384, SHA-512, not ${nameOf(algorithm)}`);
  return name;
}

const bytesOf = (data: Data) =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
const toBuffer = (bytes: Uint8Array) => bytes.slice().buffer as ArrayBuffer;
const notSupported = (what: string) => new DOMException(`crypto.subtle: ${what}.`, 'NotSupportedError');
const missing = (name: string) => async () => {
  throw notSupported(`${name} is not available in the sandbox; keys do not enter it`);
};

const subtle = {
  digest,
  importKey,
  sign,
  verify,
  encrypt: missing('encrypt'),
  decrypt: missing('decrypt'),
  deriveBits: missing('deriveBits'),
  deriveKey: missing('deriveKey'),
  exportKey: missing('exportKey'),
  generateKey: missing('generateKey'),
  wrapKey: missing('wrapKey'),
  unwrapKey: missing('unwrapKey'),
};

/** `digestSync` is ours, for the stand-ins of Node's `crypto` and of SDKs' own digests in JavaScript. */
export const crypto = { getRandomValues, randomUUID, subtle, digestSync };
