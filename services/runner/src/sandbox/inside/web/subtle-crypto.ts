import { isObject, toBytes } from './convert.ts';
import { type DigestName, digestSync, isDigestName } from './digest.ts';
import { asInterface } from './interface.ts';

type Algorithm = string | { name: string };
type Data = ArrayBuffer | ArrayBufferView;

let bytesOfKey: (key: CryptoKey) => Uint8Array;

/** A key that can sign: HMAC only, made of bytes that the code has already. */
export class CryptoKey {
  static {
    bytesOfKey = (key) => key.#bytes;
  }

  readonly #bytes: Uint8Array;
  readonly #algorithm: { name: 'HMAC'; hash: { name: string }; length: number };
  readonly #extractable: boolean;
  readonly #usages: string[];

  constructor(bytes: Uint8Array, hash: string, extractable: boolean, usages: string[]) {
    if (!(bytes instanceof Uint8Array)) throw new TypeError('A key is made by crypto.subtle.importKey.');
    this.#bytes = bytes;
    this.#algorithm = { name: 'HMAC', hash: { name: hash }, length: bytes.byteLength * 8 };
    this.#extractable = extractable;
    this.#usages = usages;
  }

  get type(): string {
    return 'secret';
  }
  get algorithm(): { name: 'HMAC'; hash: { name: string }; length: number } {
    return this.#algorithm;
  }
  get extractable(): boolean {
    return this.#extractable;
  }
  get usages(): string[] {
    return this.#usages;
  }
}

export class SubtleCrypto {
  async digest(algorithm: Algorithm, data: Data): Promise<ArrayBuffer> {
    return toBuffer(digestSync(hashNamed(algorithm), bytesOf(data).slice()));
  }

  async importKey(
    format: string,
    data: Data,
    algorithm: Algorithm & { hash?: Algorithm },
    extractable: boolean,
    usages: string[],
  ): Promise<CryptoKey> {
    if (format !== 'raw' || nameOf(algorithm) !== 'HMAC' || algorithm.hash === undefined)
      throw notSupported('importKey takes raw bytes for HMAC');
    hashNamed(algorithm.hash);
    const allowed = [...usages];
    if (allowed.length === 0 || !allowed.every((usage) => usage === 'sign' || usage === 'verify'))
      throw new DOMException('A key for HMAC may sign and verify.', 'SyntaxError');
    if (bytesOf(data).byteLength === 0) throw new DOMException('The key is empty.', 'DataError');
    return new CryptoKey(bytesOf(data).slice(), nameOf(algorithm.hash), Boolean(extractable), allowed);
  }

  async sign(algorithm: Algorithm, key: CryptoKey, data: Data): Promise<ArrayBuffer> {
    return toBuffer(signatureOf('sign', algorithm, key, data));
  }

  async verify(algorithm: Algorithm, key: CryptoKey, signature: Data, data: Data): Promise<boolean> {
    const wanted = signatureOf('verify', algorithm, key, data);
    const given = bytesOf(signature);
    return wanted.byteLength === given.byteLength && wanted.every((byte, index) => byte === given[index]);
  }
}

function signatureOf(usage: string, algorithm: Algorithm, key: CryptoKey, data: Data): Uint8Array {
  if (!(key instanceof CryptoKey)) throw new TypeError(`${usage} takes a key of importKey.`);
  if (nameOf(algorithm) !== 'HMAC' || !key.usages.includes(usage))
    throw new DOMException(`The key is not one to ${usage} with ${nameOf(algorithm)}.`, 'InvalidAccessError');
  return digestSync(hashNamed(key.algorithm.hash), bytesOf(data), bytesOfKey(key));
}

for (const name of [
  'encrypt',
  'decrypt',
  'deriveBits',
  'deriveKey',
  'exportKey',
  'generateKey',
  'wrapKey',
  'unwrapKey',
])
  Object.defineProperty(SubtleCrypto.prototype, name, {
    value: async () => {
      throw notSupported(`${name} is not available in the sandbox; keys do not enter it`);
    },
    writable: true,
    configurable: true,
  });
asInterface({ SubtleCrypto, CryptoKey });

export const subtle = new SubtleCrypto();

function nameOf(algorithm: Algorithm): string {
  const name = isObject(algorithm) ? algorithm.name : algorithm;
  if (name === undefined) throw new TypeError('The algorithm has no name.');
  return `${name}`.toUpperCase();
}

function hashNamed(algorithm: Algorithm): DigestName {
  const name = nameOf(algorithm).replace('-', '').toLowerCase();
  if (name === 'md5' || !isDigestName(name))
    throw notSupported(`there is no digest ${nameOf(algorithm)}; there are SHA-1, SHA-256, SHA-384, SHA-512`);
  return name;
}

const bytesOf = (data: Data) => toBytes(data, 'crypto.subtle');
const toBuffer = (bytes: Uint8Array) => bytes.slice().buffer as ArrayBuffer;
const notSupported = (what: string) => new DOMException(`crypto.subtle: ${what}.`, 'NotSupportedError');
