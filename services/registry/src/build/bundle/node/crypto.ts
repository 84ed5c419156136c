import { Buffer } from './buffer.ts';
import { type Bytes, digestSync, toBytes } from './digest.ts';
import { missing } from './missing.ts';

const DIGESTS = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];

class Digest {
  private readonly chunks: Uint8Array[] = [];

  constructor(
    private readonly name: string,
    private readonly key?: Uint8Array,
  ) {}

  update(data: Bytes, encoding?: string): this {
    this.chunks.push(toBytes(data, encoding));
    return this;
  }

  copy(): Digest {
    const copy = new Digest(this.name, this.key);
    copy.chunks.push(...this.chunks);
    return copy;
  }

  digest(encoding?: string): Uint8Array | string {
    const bytes = Buffer.from(digestSync(this.name, this.chunks, this.key));
    return encoding === undefined || encoding === 'buffer' ? bytes : bytes.toString(encoding as BufferEncoding);
  }
}

export const createHash = (name: string) => new Digest(digestNamed(name));
export const createHmac = (name: string, key: Bytes) => new Digest(digestNamed(name), toBytes(key));
export const getHashes = () => [...DIGESTS];
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
export const pbkdf2 = none('pbkdf2');
export const pbkdf2Sync = none('pbkdf2Sync');
export const scrypt = none('scrypt');
export const hkdfSync = none('hkdfSync');
export const createECDH = none('createECDH');
export const createSecretKey = none('createSecretKey');
export const constants = {};

export default {
  ...{ createHash, createHmac, getHashes, hash, randomUUID, getRandomValues, randomFillSync, webcrypto, subtle },
  ...{ randomBytes, randomInt, timingSafeEqual, constants, createSign, createVerify, createPrivateKey },
  ...{ createPublicKey, createCipheriv, createDecipheriv, sign, verify, generateKeyPairSync, scryptSync },
  ...{ scrypt, pbkdf2, pbkdf2Sync, hkdfSync, createECDH, createSecretKey },
};

function digestNamed(name: string): string {
  const known = name.toLowerCase().replace('-', '');
  if (!DIGESTS.includes(known)) throw new Error(`crypto knows no digest "${name}"; there are ${DIGESTS.join(', ')}`);
  return known;
}
