import { Fault, type SignerRole } from '@fingerpost/contracts';
import {
  CompactSign,
  type CryptoKey,
  compactVerify,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose';

/**
 * Statements that one service makes and another believes: compact JWS (EdDSA), typed so that none passes for another.
 * The signer's certificate travels in the protected header; whoever verifies trusts only the root key from its own settings.
 */
export type EnvelopeType = 'ticket' | 'grant' | 'grant-list' | 'certificate';

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
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface SigningKey {
  privateKey: CryptoKey;
  publicKey: JWK;
}

export async function generateSigningKey(): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return { privateKey, publicKey: await exportJWK(publicKey) };
}

/** Signs with a key whose certificate is renewed by `setCertificate`. */
export class Signer {
  constructor(
    private readonly privateKey: CryptoKey,
    private current: string,
  ) {}

  get certificate(): string {
    return this.current;
  }

  setCertificate(certificate: string): void {
    this.current = certificate;
  }

  sign(type: Exclude<EnvelopeType, 'certificate'>, payload: object): Promise<string> {
    return seal(this.privateKey, { typ: type, cert: this.current }, payload);
  }
}

export function signCertificate(rootKey: CryptoKey, certificate: Certificate): Promise<string> {
  return seal(rootKey, { typ: 'certificate' }, certificate);
}

function seal(key: CryptoKey, header: Record<string, string>, payload: object): Promise<string> {
  return new CompactSign(encoder.encode(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'EdDSA', ...header })
    .sign(key);
}

/** Checks envelopes against the root keys that its settings name. Certificates that passed are remembered. */
export class Verifier {
  private readonly keys = new Map<string, { key: CryptoKey; role: SignerRole; expiresAt: number }>();

  constructor(
    private readonly rootKeys: readonly JWK[],
    private readonly clockSkewMs = 150_000,
  ) {}

  /** @throws Fault `signature.invalid` or `signature.expired`; never returns a payload that was not signed by the type's role */
  async verify<T>(type: Exclude<EnvelopeType, 'certificate'>, envelope: string): Promise<T> {
    const header = headerOf(envelope);
    if (header.typ !== type || typeof header.cert !== 'string') throw invalid(`is no ${type}`);
    const signer = await this.signerOf(header.cert);
    if (signer.role !== SIGNED_BY[type]) throw invalid(`a ${signer.role} may not sign a ${type}`);
    return (await open(envelope, signer.key)) as T;
  }

  private async signerOf(certificate: string) {
    const known = this.keys.get(certificate) ?? (await this.admit(certificate));
    if (!(known.expiresAt + this.clockSkewMs >= Date.now())) {
      this.keys.delete(certificate);
      throw new Fault('signature.expired', 'The signer’s certificate has expired.');
    }
    return known;
  }

  private async admit(certificate: string) {
    if (headerOf(certificate).typ !== 'certificate') throw invalid('the certificate is none');
    const { role, publicKey, expiresAt } = (await this.openByRoot(certificate)) as Certificate;
    const signer = { key: (await importJWK(publicKey, 'EdDSA')) as CryptoKey, role, expiresAt };
    if (this.keys.size > 1_000) this.keys.clear();
    this.keys.set(certificate, signer);
    return signer;
  }

  private async openByRoot(certificate: string): Promise<unknown> {
    for (const root of this.rootKeys) {
      const payload = await open(certificate, (await importJWK(root, 'EdDSA')) as CryptoKey).catch(() => undefined);
      if (payload !== undefined) return payload;
    }
    throw invalid('no root key of ours certified the signer');
  }
}

function headerOf(envelope: string): { typ?: string; cert?: unknown } {
  try {
    return decodeProtectedHeader(envelope);
  } catch (cause) {
    throw invalid('it is not a signed envelope', cause);
  }
}

async function open(envelope: string, key: CryptoKey): Promise<unknown> {
  try {
    const { payload } = await compactVerify(envelope, key, { algorithms: ['EdDSA'] });
    return JSON.parse(decoder.decode(payload));
  } catch (cause) {
    throw invalid('the signature does not fit', cause);
  }
}

const invalid = (why: string, cause?: unknown) =>
  new Fault('signature.invalid', `Refused a signed envelope: ${why}.`, { cause });
