import { createHash } from 'node:crypto';
import type { JWK } from 'jose';

/** The root of all signatures: an Ed25519 key that stays where it is. */
export interface Root {
  /** @throws Fault `secret.unavailable` where whoever keeps the key cannot be asked */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  /** of every version whose signatures count, the newest first: what the other services get as their `rootKeys` */
  publicKeys(): Promise<JWK[]>;
  close?(): Promise<void>;
}

/**
 * A key of this service's own, the same after a restart and on every replica: Ed25519 signs the same text always alike, and nobody
 * else can. The text is no JWS, so this signature is good for nothing else.
 */
export async function deriveRevisionKey(root: Root): Promise<Uint8Array> {
  const text = new TextEncoder().encode('fingerpost: key for secrets.revision');
  return createHash('sha256')
    .update(await root.sign(text))
    .digest();
}
