import { type KeyObject, sign, verify } from 'node:crypto';

/**
 * Compact JWS with EdDSA, read and written synchronously: a ticket is signed for every run and verified twice, and jose's way over
 * WebCrypto costs twice the CPU and two trips to another thread (docs/adr/0002). The format is the standard one; keys stay with jose.
 */
export function signJws(key: KeyObject, header: object, payload: object): string {
  const text = textOf(header, payload);
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

/** Ed25519 over the bytes, by a key that may be elsewhere. */
export type SignBytes = (bytes: Uint8Array) => Promise<Uint8Array>;

export async function signJwsBy(signBytes: SignBytes, header: object, payload: object): Promise<string> {
  const text = textOf(header, payload);
  return `${text}.${Buffer.from(await signBytes(Buffer.from(text))).toString('base64url')}`;
}

/** The header, unverified: it says which key to verify with. @throws when the text is no JWS */
export function readJwsHeader(jws: string): Record<string, unknown> {
  const [header, payload, signature, ...rest] = jws.split('.');
  if (!header || !payload || !signature || rest.length > 0) throw new Error('not three parts');
  return decode(header);
}

/** @throws when the signature is not that of the key, or the header names another algorithm */
export function openJws(jws: string, key: KeyObject): Record<string, unknown> {
  const { alg } = readJwsHeader(jws);
  const end = jws.lastIndexOf('.');
  if (alg !== 'EdDSA') throw new Error('not signed by EdDSA');
  if (!verify(null, Buffer.from(jws.slice(0, end)), key, Buffer.from(jws.slice(end + 1), 'base64url')))
    throw new Error('the signature is not that of the key');
  return decode(jws.slice(jws.indexOf('.') + 1, end));
}

const textOf = (header: object, payload: object) => `${encode({ alg: 'EdDSA', ...header })}.${encode(payload)}`;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function decode(part: string): Record<string, unknown> {
  const value = JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object');
  return value as Record<string, unknown>;
}
