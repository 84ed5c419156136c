import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret } from '@fingerpost/platform';
import { freePort } from '@fingerpost/platform/testing';
import type { VaultSettings } from '../vault/vault-settings.ts';

const POLICIES = join(import.meta.dirname, '../../../../deploy/vault');

/** A real OpenBao with its data on disk: it can be sealed, killed, started again and stopped in its tracks. */
export class OpenBao {
  private child: ChildProcess;
  rootToken = '';
  private unsealKey = '';

  private constructor(
    private readonly program: string,
    private readonly folder: string,
    readonly port: number,
  ) {}

  /** As deploy/vault/README.md says: its policies, a KV store, Transit with a root key, and a role for the secrets service. */
  static async start(program: string): Promise<OpenBao> {
    const folder = await mkdtemp(join(tmpdir(), 'fingerpost-bao-'));
    const bao = new OpenBao(program, folder, await freePort());
    await writeFile(join(folder, 'bao.hcl'), configFor(folder, bao.port, await freePort()));
    await bao.launch();
    const { keys, root_token } = await bao.send('PUT', 'sys/init', { secret_shares: 1, secret_threshold: 1 });
    [bao.unsealKey, bao.rootToken] = [(keys as string[])[0]!, root_token as string];
    await bao.unseal();
    await bao.setUp();
    return bao;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** As its administrator, unless another token is given. @throws with the status and what Vault says */
  async send(method: string, path: string, body?: object, token = this.rootToken): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}/v1/${path}`, {
      method,
      headers: { 'x-vault-token': token },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text.trim()}`);
    return text === '' ? {} : JSON.parse(text);
  }

  put(name: string, value: string, folder = 'fingerpost'): Promise<unknown> {
    return this.send('POST', `secret/data/${folder}/${name}`, { data: { value } });
  }

  bind(name: string, custom_metadata: Record<string, string>, folder = 'fingerpost'): Promise<unknown> {
    return this.send('POST', `secret/metadata/${folder}/${name}`, { custom_metadata });
  }

  remove(name: string, folder = 'fingerpost'): Promise<unknown> {
    return this.send('DELETE', `secret/metadata/${folder}/${name}`);
  }

  applyPolicy(name: string): Promise<unknown> {
    const policy = readFileSync(join(POLICIES, `${name}.hcl`), 'utf8');
    return this.send('POST', `sys/policies/acl/fingerpost-${name}`, { policy });
  }

  async roleId(): Promise<string> {
    const { data } = await this.send('GET', 'auth/approle/role/fingerpost-secrets/role-id');
    return (data as { role_id: string }).role_id;
  }

  async secretId(): Promise<string> {
    const { data } = await this.send('POST', 'auth/approle/role/fingerpost-secrets/secret-id', {});
    return (data as { secret_id: string }).secret_id;
  }

  /** How the secrets service reaches it: by its role, with no more than the policies of deploy/vault. */
  async settings(change: Partial<VaultSettings> = {}): Promise<VaultSettings> {
    const [roleId, secretId] = [await this.roleId(), new Secret(await this.secretId())];
    return {
      address: { url: new URL(this.url) },
      auth: { by: 'approle', mount: 'approle', roleId, secretId, isWrapped: false },
      mount: 'secret',
      prefix: 'fingerpost',
      dynamicMounts: ['database'],
      ...change,
    };
  }

  async launch(): Promise<void> {
    this.child = spawn(this.program, ['server', `-config=${join(this.folder, 'bao.hcl')}`], { stdio: 'ignore' });
    while (
      !(await fetch(`${this.url}/v1/sys/seal-status`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (this.child.exitCode !== null) throw new Error('OpenBao stopped at once');
      await sleep(20);
    }
  }

  async seal(): Promise<void> {
    await this.send('PUT', 'sys/seal');
  }

  async unseal(): Promise<void> {
    await this.send('PUT', 'sys/unseal', { key: this.unsealKey });
    while ((await fetch(`${this.url}/v1/sys/health`)).status !== 200) await sleep(20);
  }

  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async setUp(): Promise<void> {
    await this.send('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } });
    await this.send('POST', 'sys/mounts/transit', { type: 'transit' });
    await this.send('POST', 'transit/keys/fingerpost-root', { type: 'ed25519' });
    await this.send('POST', 'sys/auth/approle', { type: 'approle' });
    for (const name of ['secrets', 'root', 'dynamic']) await this.applyPolicy(name);
    await this.send('POST', 'auth/approle/role/fingerpost-secrets', {
      token_policies: ['fingerpost-secrets', 'fingerpost-root', 'fingerpost-dynamic'],
      token_no_default_policy: true,
      token_ttl: '1h',
      token_max_ttl: '24h',
    });
    // A new KV store answers "upgrading" for a moment.
    while (
      await this.put('FIRST', 'x', 'elsewhere').then(
        () => false,
        () => true,
      )
    )
      await sleep(50);
  }
}

const configFor = (folder: string, port: number, clusterPort: number) => `
storage "raft" {
  path                   = "${folder}"
  node_id                = "one"
  performance_multiplier = 1
}
listener "tcp" {
  address         = "127.0.0.1:${port}"
  cluster_address = "127.0.0.1:${clusterPort}"
  tls_disable     = true
}
api_addr     = "http://127.0.0.1:${port}"
cluster_addr = "http://127.0.0.1:${clusterPort}"
`;
