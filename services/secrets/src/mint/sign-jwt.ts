import { createPrivateKey, type KeyObject } from 'node:crypto';
import { type JWTPayload, SignJWT } from 'jose';
import { unusable } from './issuer.ts';

export interface ToSign {
  claims: JWTPayload;
  keyId?: string;
  /** epoch milliseconds */
  from: number;
  until: number;
}

/** RS256 under a PEM key, PKCS#1 as GitHub gives it or PKCS#8 as Google does. @throws Fault `secret.not_minted` that tells nothing of the key */
export function signJwt(name: string, pem: unknown, { claims, keyId, from, until }: ToSign): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(keyId !== undefined && { kid: keyId }) })
    .setIssuedAt(Math.floor(from / 1_000))
    .setExpirationTime(Math.floor(until / 1_000))
    .sign(readPem(name, pem));
}

function readPem(name: string, pem: unknown): KeyObject {
  try {
    const key = createPrivateKey(pem as string);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // said below, without what was found
  }
  throw unusable(name, 'its private key is no RSA key in PEM ("-----BEGIN RSA PRIVATE KEY-----")');
}
