import { createHash, type KeyObject } from 'node:crypto';
import type { Signer } from '@fingerpost/platform';
import { ExternalSigningKey } from '../oidc-provider.ts';

/** This gateway's key as oidc-provider sees it: it may ask for signatures. */
export class GatewayKey extends ExternalSigningKey {
  constructor(private readonly signer: Signer) {
    super();
    Object.assign(this, { alg: 'EdDSA' }); // every key has two names for it
  }

  override keyObject(): KeyObject {
    return this.signer.publicKey;
  }

  /** By the key whose certificate stands in the header of what is signed. */
  override sign(bytes: Uint8Array): Uint8Array {
    const header = Buffer.from(Buffer.from(bytes).toString().split('.', 1)[0]!, 'base64url');
    return this.signer.signBytes(bytes, (JSON.parse(header.toString()) as { cert: string }).cert);
  }
}

/** What a token's header says of its key: its name in the JWKS, and the root's word for it. */
export const headerBy = ({ publicKey, certificate }: Signer) => ({ kid: thumbprintOf(publicKey), cert: certificate });

/** RFC 7638 */
export function thumbprintOf(key: KeyObject): string {
  const { crv, kty, x } = key.export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
}
