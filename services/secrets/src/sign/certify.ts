import { Fault, type SignerRole } from '@fingerpost/contracts';
import { type Log, signCertificate } from '@fingerpost/platform';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { Root } from './root.ts';

const CERTIFICATE_LIFE_MS = 24 * 60 * 60 * 1000;

const KEY_BYTES = 32;
const BASE64URL = /^[A-Za-z0-9_-]{43}$/;

export interface Certifying {
  root: Root;
  audit: AuditTrail;
  log: Log;
}

/** The root says: this key belongs to that role, for a day. Who may ask for which role is decided by the bus's permissions. */
export async function certify(
  { root, audit, log }: Certifying,
  role: SignerRole,
  publicKey: Record<string, unknown>,
): Promise<string> {
  const checked = checkPublicKey(publicKey);
  const expiresAt = Date.now() + CERTIFICATE_LIFE_MS;
  const certificate = await signCertificate((bytes) => root.sign(bytes), { role, publicKey: checked, expiresAt });
  // Written down where that can be done. The registry keeps the trail, and needs a certificate of ours to start.
  void audit
    .write(`service:${role}`, 'certificate.issued', checked.x, { expiresAt: new Date(expiresAt).toISOString() })
    .catch((error) => log.debug({ err: error }, 'a certificate was issued and not written down'));
  return certificate;
}

function checkPublicKey({ kty, crv, x, ...rest }: Record<string, unknown>) {
  if ('d' in rest) refuse('a private key has no business on the bus: make a new one and send its public half');
  if (kty !== 'OKP' || crv !== 'Ed25519') refuse('it must be an Ed25519 JWK');
  if (typeof x !== 'string' || !BASE64URL.test(x) || Buffer.from(x, 'base64url').length !== KEY_BYTES)
    return refuse('its "x" must be 32 bytes in base64url');
  return { kty: 'OKP', crv: 'Ed25519', x }; // only what a verifier needs: the rest could mean something to somebody
}

function refuse(why: string): never {
  throw new Fault('request.invalid', `Refused to certify a key: ${why}.`);
}
