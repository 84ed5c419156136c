import { hmac } from '@noble/hashes/hmac.js';
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { Buffer } from 'buffer/';
import { missing } from './missing.ts';

type Bytes = string | Uint8Array | ArrayBuffer;
type Hasher = { update(bytes: Uint8Array): unknown; digest(): Uint8Array };

const HASHES = { md5, ripemd160, sha1, sha224, sha256, sha384, sha512 };

class Digest {
  constructor(private readonly hasher: Hasher) {}

  update(data: Bytes, encoding?: string): this {
    this.hasher.update(toBytes(data, encoding));
    return this;
  }

  digest(encoding?: string): Uint8Array | string {
    const bytes = Buffer.from(this.hasher.digest());
    return encoding === undefined || encoding === 'buffer' ? bytes : encode(bytes, encoding);
  }
}

export const createHash = (name: string) => new Digest(hashNamed(name).create());
export const createHmac = (name: string, key: Bytes) => new Digest(hmac.create(hashNamed(name), toBytes(key)));
export const getHashes = () => Object.keys(HASHES);
export const hash = (name: string, data: Bytes, encoding = 'hex') => createHash(name).update(data).digest(encoding);
export const randomUUID = () => globalThis.crypto.randomUUID();
export const getRandomValues = <T extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(view: T): T =>
  globalThis.crypto.getRandomValues(view);
export const randomFillSync = getRandomValues;
export const webcrypto = globalThis.crypto;
export const { subtle } = webcrypto;

export function randomBytes(size: number, done?: (error: null, bytes: Uint8Array) => void) {
  const bytes = Buffer.from(getRandomValues(new Uint8Array(size)));
  if (done === undefined) return bytes;
  queueMicrotask(() => done(null, bytes));
}

export function randomInt(from: number, to?: number): number {
  const [least, most] = to === undefined ? [0, from] : [from, to];
  const [high, low] = getRandomValues(new Uint32Array(2)) as unknown as [number, number];
  return least + Math.floor(((high * 2 ** 21 + (low >>> 11)) / 2 ** 53) * (most - least));
}

export function timingSafeEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.byteLength !== other.byteLength) throw new RangeError('Input buffers must have the same byte length');
  let difference = 0;
  for (let index = 0; index < one.byteLength; index++) difference |= one[index]! ^ other[index]!;
  return difference === 0;
}

export const pbkdf2Sync = (password: Bytes, salt: Bytes, c: number, dkLen: number, name: string) =>
  Buffer.from(pbkdf2(hashNamed(name), toBytes(password), toBytes(salt), { c, dkLen }));

const KEYS = 'keys do not enter the sandbox; let the secret’s binding sign or mint outside of it';
const none = (name: string) => missing(`crypto.${name}`, KEYS);
export const createSign = none('createSign');
export const createVerify = none('createVerify');
export const createPrivateKey = none('createPrivateKey');
export const createPublicKey = none('createPublicKey');
export const createCipheriv = none('createCipheriv');
export const createDecipheriv = none('createDecipheriv');
export const sign = none('sign');
export const verify = none('verify');
export const generateKeyPairSync = none('generateKeyPairSync');
export const scryptSync = none('scryptSync');
export const constants = {};

export default {
  ...{ createHash, createHmac, getHashes, hash, randomUUID, getRandomValues, randomFillSync, webcrypto, subtle },
  ...{ randomBytes, randomInt, timingSafeEqual, pbkdf2Sync, constants, createSign, createVerify, createPrivateKey },
  ...{ createPublicKey, createCipheriv, createDecipheriv, sign, verify, generateKeyPairSync, scryptSync },
};

function hashNamed(name: string) {
  const known = HASHES[name.toLowerCase().replace('-', '') as keyof typeof HASHES];
  if (known === undefined) throw new Error(`crypto knows no digest "${name}"; there are ${getHashes().join(', ')}`);
  return known;
}

const toBytes = (data: Bytes, encoding?: string): Uint8Array =>
  typeof data === 'string'
    ? Buffer.from(data, encoding as BufferEncoding)
    : new Uint8Array(Buffer.from(data as Uint8Array));

// The `buffer` package knows no base64url.
const encode = (bytes: Buffer, encoding: string) =>
  encoding === 'base64url'
    ? bytes.toString('base64').replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
    : bytes.toString(encoding as BufferEncoding);
