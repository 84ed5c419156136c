import { Fault } from '@fingerpost/contracts';
import type { JWK } from 'jose';
import { unavailable } from '../vault/vault-client.ts';
import type { VaultSession } from '../vault/vault-session.ts';
import type { Root } from './root.ts';

interface TransitKey {
  /** `transit/keys/<key>` */
  mount: string;
  key: string;
  /** to sign with; without it the newest */
  version?: number;
}

const SIGNATURE = /^vault:v\d+:([A-Za-z0-9+/=]+)$/;

/**
 * A key in Vault's Transit, which never leaves it. After a rotation the old versions go on counting, until Vault is told to forget them
 * (`min_decryption_version`).
 */
export class TransitRoot implements Root {
  constructor(
    private readonly session: VaultSession,
    private readonly at: TransitKey,
  ) {}

  async sign(bytes: Uint8Array): Promise<Uint8Array> {
    const { mount, key, version } = this.at;
    const { status, data, errors } = await this.session.ask('POST', `${mount}/sign/${key}`, {
      body: { input: Buffer.from(bytes).toString('base64'), ...(version !== undefined && { key_version: version }) },
    });
    const [, signature] = SIGNATURE.exec(String(data.signature)) ?? [];
    if (status !== 200 || signature === undefined)
      throw unavailable(`did not sign with the root key ${mount}/${key} (${status} ${errors.join('; ')})`);
    return Buffer.from(signature, 'base64');
  }

  /** @throws Fault when the key is not one that only Vault has */
  async publicKeys(): Promise<JWK[]> {
    const { mount, key } = this.at;
    const { status, data } = await this.session.ask('GET', `${mount}/keys/${key}`);
    if (status !== 200)
      throw unavailable(`has no key ${mount}/${key}; make it with: bao write -f ${mount}/keys/${key} type=ed25519`);
    if (data.type !== 'ed25519' || data.derived === true) throw unfit(mount, key, 'is no Ed25519 key');
    if (data.exportable === true || data.allow_plaintext_backup === true)
      throw unfit(mount, key, 'can be taken out of Vault');
    const versions = Object.entries(data.keys as Record<string, { public_key: string }>);
    return versions.sort(([a], [b]) => Number(b) - Number(a)).map(([, { public_key }]) => jwk(public_key));
  }
}

const jwk = (base64: string): JWK => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: Buffer.from(base64, 'base64').toString('base64url'),
});

const unfit = (mount: string, key: string, why: string) =>
  new Fault(
    'internal',
    `The key ${mount}/${key} is not fit to be the root: it ${why}. Make another one: bao write -f ${mount}/keys/<name> type=ed25519`,
  );
