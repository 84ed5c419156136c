import type { JWK } from 'jose';

const BASE64URL = /^[A-Za-z0-9_-]{43}$/;

/**
 * A JWK, or a JWKS with the keys of several rotations: Ed25519 all of them, and public.
 * @throws with a sentence that never quotes the text: it may hold a private key by mistake
 */
export function readPublicKeys(text: string): JWK[] {
  const found = parse(text);
  const keys = Array.isArray(found.keys) ? (found.keys as JWK[]) : [found as JWK];
  if (keys.length === 0) throw new Error('it holds no key');
  return keys.map(publicKey);
}

function publicKey({ kty, crv, x, d }: JWK): JWK {
  if (d !== undefined) throw new Error('it holds a private key, which belongs nowhere but to the root');
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string' || !BASE64URL.test(x))
    throw new Error('it holds something else than Ed25519 keys');
  return { kty, crv, x };
}

function parse(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // said below, without the text that a parser would quote
  }
  throw new Error('it is not JSON');
}
