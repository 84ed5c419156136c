import { createPublicKey, generateKeyPair, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { Fault, type SignerRole } from '@fingerpost/contracts';
import type { JWK } from 'jose';
import { openJws, readJwsHeader, type SignBytes, signJws, signJwsBy } from './jws.ts';

/**
 * Statements that one service makes and another believes: compact JWS (EdDSA), typed so that none passes for another.
 * The signer's certificate travels in the protected header; whoever verifies trusts only the root key from its own settings.
 */
export type EnvelopeType = 'ticket' | 'grant' | 'grant-list' | 'at+jwt' | 'certificate';

/** Payload of a `certificate`: the root says that this key belongs to that role, for a while. */
export interface Certificate {
  role: SignerRole;
  publicKey: JWK;
  /** epoch ms */
  expiresAt: number;
}

const SIGNED_BY: Record<Exclude<EnvelopeType, 'certificate'>, SignerRole> = {
  ticket: 'gateway',
  grant: 'registry',
  'grant-list': 'registry',
  'at+jwt': 'gateway', // an access token (RFC 9068)
};

export interface SigningKey {
  privateKey: KeyObject;
  publicKey: JWK;
}

export async function generateSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ed25519');
  return { privateKey, publicKey: publicKey.export({ format: 'jwk' }) as JWK };
}

/** Signs with a key that the root certified. Both are replaced by `setCertificate`. */
export class Signer {
  private former: { privateKey: KeyObject; certificate: string } | undefined;

  constructor(
    private privateKey: KeyObject,
    private current: string,
  ) {}

  get certificate(): string {
    return this.current;
  }

  get publicKey(): KeyObject {
    return createPublicKey(this.privateKey);
  }

  setCertificate(certificate: string, privateKey = this.privateKey): void {
    this.former = { privateKey: this.privateKey, certificate: this.current };
    this.current = certificate;
    this.privateKey = privateKey;
  }

  async sign(type: Exclude<EnvelopeType, 'certificate'>, payload: object): Promise<string> {
    return signJws(this.privateKey, { typ: type, cert: this.current }, payload);
  }

  /** For whoever writes the header: it names a certificate, and the key may have been replaced since. */
  signBytes(bytes: Uint8Array, certificate: string): Uint8Array {
    const isFormer = certificate === this.former?.certificate;
    return sign(null, bytes, isFormer ? this.former!.privateKey : this.privateKey);
  }
}

/** The root signs by its key, or, where the key is kept elsewhere, by whoever keeps it. */
export async function signCertificate(root: KeyObject | SignBytes, certificate: Certificate): Promise<string> {
  return typeof root === 'function'
    ? signJwsBy(root, { typ: 'certificate' }, certificate)
    : signJws(root, { typ: 'certificate' }, certificate);
}

/** Checks envelopes against the root keys that its settings name. Certificates that passed are remembered. */
export class Verifier {
  private readonly keys = new Map<string, { key: KeyObject; role: SignerRole; expiresAt: number }>();

  private roots: KeyObject[];

  constructor(
    rootKeys: readonly JWK[],
    private readonly clockSkewMs = 150_000,
  ) {
    this.roots = rootKeys.map(importKey);
  }

  /** After a rotation: certificates by a key that is no root any more stop counting. */
  setRootKeys(rootKeys: readonly JWK[]): void {
    this.roots = rootKeys.map(importKey);
    this.keys.clear();
  }

  /** @throws Fault `signature.invalid` or `signature.expired`; never returns a payload that was not signed by the type's role */
  async verify<T>(type: Exclude<EnvelopeType, 'certificate'>, envelope: string): Promise<T> {
    const header = headerOf(envelope);
    if (header.typ !== type || typeof header.cert !== 'string') throw invalid(`is no ${type}`);
    const signer = this.signerOf(header.cert);
    if (signer.role !== SIGNED_BY[type]) throw invalid(`a ${signer.role} may not sign a ${type}`);
    return open(envelope, signer.key) as T;
  }

  private signerOf(certificate: string) {
    const known = this.keys.get(certificate) ?? this.admit(certificate);
    if (!(known.expiresAt + this.clockSkewMs >= Date.now())) {
      this.keys.delete(certificate);
      throw new Fault('signature.expired', 'The signer’s certificate has expired.');
    }
    return known;
  }

  private admit(certificate: string) {
    if (headerOf(certificate).typ !== 'certificate') throw invalid('the certificate is none');
    const { role, publicKey, expiresAt } = this.openByRoot(certificate) as Certificate;
    const signer = { key: importKey(publicKey), role, expiresAt };
    if (this.keys.size > 1_000) this.keys.clear();
    this.keys.set(certificate, signer);
    return signer;
  }

  private openByRoot(certificate: string): unknown {
    for (const root of this.roots) {
      try {
        return open(certificate, root);
      } catch {
        // perhaps another root of ours signed it
      }
    }
    throw invalid('no root key of ours certified the signer');
  }
}

function headerOf(envelope: string): Record<string, unknown> {
  try {
    return readJwsHeader(envelope);
  } catch (cause) {
    throw invalid('it is not a signed envelope', cause);
  }
}

function open(envelope: string, key: KeyObject): unknown {
  try {
    return openJws(envelope, key);
  } catch (cause) {
    throw invalid('the signature does not fit', cause);
  }
}

/** Ed25519 and nothing else, whatever the JWK says of itself. */
function importKey({ kty, crv, x }: JWK): KeyObject {
  if (kty !== 'OKP' || crv !== 'Ed25519') throw invalid('a key is no Ed25519 key');
  return createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
}

const invalid = (why: string, cause?: unknown) =>
  new Fault('signature.invalid', `Refused a signed envelope: ${why}.`, { cause });
