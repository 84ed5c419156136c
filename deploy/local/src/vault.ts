import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OnLine } from './child.ts';
import { Engine } from './engine.ts';

const POLICIES = join(import.meta.dirname, '../../vault');

type Answer = Record<string, unknown>;

export interface VaultKeys {
  rootToken: string;
  unsealKey: string;
}

/** OpenBao with its data on disk, set up as deploy/vault says. */
export class Vault {
  private constructor(
    readonly engine: Engine,
    private readonly configuration: string,
    /** after a restore, those of the Vault that was backed up */
    public keys: VaultKeys,
  ) {}

  static async start(
    program: string,
    folder: string,
    port: number,
    clusterPort: number,
    onLine: OnLine,
  ): Promise<Vault> {
    mkdirSync(join(folder, 'data'), { recursive: true, mode: 0o700 });
    const configuration = join(folder, 'bao.hcl');
    writeFileSync(configuration, configurationFor(folder, port, clusterPort));
    const engine = await Engine.start('vault', port, [program, 'server', `-config=${configuration}`], onLine);
    const { keys, root_token } = await send(port, '', 'PUT', 'sys/init', { secret_shares: 1, secret_threshold: 1 });
    const vault = new Vault(engine, configuration, {
      rootToken: root_token as string,
      unsealKey: (keys as string[])[0]!,
    });
    writeFileSync(join(folder, 'root-token'), `${root_token}\n`, { mode: 0o600 });
    await vault.unseal();
    await vault.setUp();
    return vault;
  }

  get url(): string {
    return `http://127.0.0.1:${this.engine.port}`;
  }

  /** As its administrator. @throws with the status and what Vault says */
  send(method: string, path: string, body?: object): Promise<Answer> {
    return send(this.engine.port, this.keys.rootToken, method, path, body);
  }

  async seal(): Promise<void> {
    await this.send('PUT', 'sys/seal');
  }

  async unseal(): Promise<void> {
    await this.send('PUT', 'sys/unseal', { key: this.keys.unsealKey });
    await this.isOpen();
  }

  /** Unsealed, by whomever, and in charge. */
  async isOpen(): Promise<void> {
    while ((await fetch(`${this.url}/v1/sys/health`)).status !== 200) await sleep(20);
  }

  /** Started again on another configuration, from now on; sealed, unless that says what opens it. */
  async configure(change: (text: string) => string): Promise<void> {
    writeFileSync(this.configuration, change(readFileSync(this.configuration, 'utf8')));
    await this.engine.restart();
  }

  /** What the secrets service logs in with. */
  async login(): Promise<{ roleId: string; secretId: string }> {
    const role = await this.send('GET', `${ROLE}/role-id`);
    const secret = await this.send('POST', `${ROLE}/secret-id`, {});
    return {
      roleId: (role.data as { role_id: string }).role_id,
      secretId: (secret.data as { secret_id: string }).secret_id,
    };
  }

  /** The public halves of the root of all signatures, as a JWKS. */
  async rootKeys(): Promise<{ keys: object[] }> {
    const { data } = await this.send('GET', 'transit/keys/fingerpost-root');
    const versions = Object.values((data as { keys: Record<string, { public_key: string }> }).keys);
    const x = (base64: string) => Buffer.from(base64, 'base64').toString('base64url');
    return { keys: versions.map(({ public_key }) => ({ kty: 'OKP', crv: 'Ed25519', x: x(public_key) })) };
  }

  private async setUp(): Promise<void> {
    await this.send('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } });
    await this.send('POST', 'sys/mounts/transit', { type: 'transit' });
    await this.send('POST', 'transit/keys/fingerpost-root', { type: 'ed25519' });
    await this.send('POST', 'sys/auth/approle', { type: 'approle' });
    for (const name of ['secrets', 'root']) {
      const policy = readFileSync(join(POLICIES, `${name}.hcl`), 'utf8');
      await this.send('POST', `sys/policies/acl/fingerpost-${name}`, { policy });
    }
    await this.send('POST', ROLE, {
      token_policies: ['fingerpost-secrets', 'fingerpost-root'],
      ...{ token_no_default_policy: true, token_ttl: '1h', token_max_ttl: '24h' },
    });
    await this.isWritable();
  }

  // A new KV store answers "upgrading" for a moment.
  private async isWritable(): Promise<void> {
    const write = () => this.send('POST', 'secret/data/elsewhere/FIRST', { data: { value: 'x' } });
    while (!(await write().then(Boolean, () => false))) await sleep(50);
  }
}

const ROLE = 'auth/approle/role/fingerpost-secrets';

async function send(port: number, token: string, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/${path}`, {
    method,
    headers: { 'x-vault-token': token },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.trim()}`);
  return text === '' ? {} : JSON.parse(text);
}

const configurationFor = (folder: string, port: number, clusterPort: number) => `
storage "raft" {
  path    = "${join(folder, 'data')}"
  node_id = "local"
}
listener "tcp" {
  address         = "127.0.0.1:${port}"
  cluster_address = "127.0.0.1:${clusterPort}"
  tls_disable     = true
}
api_addr     = "http://127.0.0.1:${port}"
cluster_addr = "http://127.0.0.1:${clusterPort}"
`;
