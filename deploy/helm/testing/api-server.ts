import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RealServer, startServer } from '@fingerpost/platform/testing';

interface Named {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
}

export interface Verdict {
  status: number;
  /** what the server says where it refuses */
  message: string;
  /** what it takes and does not like, such as a pod that is not "restricted" */
  warnings: string[];
}

/** Kubernetes without nodes: the API server and its etcd. It takes and judges manifests; nothing runs. */
export class ApiServer {
  private readonly agent = new Agent({ rejectUnauthorized: false }); // loopback, and a certificate that it has just made
  private readonly plurals = new Map<string, string>();

  private constructor(
    private readonly folder: string,
    private readonly token: string,
    private readonly servers: RealServer[],
  ) {}

  static async start(etcd: string, program: string): Promise<ApiServer> {
    const folder = mkdtempSync(join(tmpdir(), 'fingerpost-kubernetes-'));
    const token = randomBytes(16).toString('hex');
    writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
    execFileSync('openssl', ['genrsa', '-out', join(folder, 'sa.key'), '2048'], { stdio: 'ignore' });
    const store = await startServer(etcd, (port) => [
      ...[`--data-dir=${join(folder, 'etcd')}`, `--listen-client-urls=http://127.0.0.1:${port}`],
      ...[`--advertise-client-urls=http://127.0.0.1:${port}`, '--listen-peer-urls=http://127.0.0.1:0'],
    ]);
    const server = await startServer(program, (port) => [
      ...[`--etcd-servers=http://127.0.0.1:${store.port}`, `--secure-port=${port}`, '--bind-address=127.0.0.1'],
      ...[`--cert-dir=${join(folder, 'certs')}`, `--token-auth-file=${join(folder, 'tokens.csv')}`],
      ...['--authorization-mode=RBAC', '--service-cluster-ip-range=10.0.0.0/24'],
      ...['--service-account-issuer=https://kubernetes', '--disable-admission-plugins=ServiceAccount'],
      ...[
        `--service-account-key-file=${join(folder, 'sa.key')}`,
        `--service-account-signing-key-file=${join(folder, 'sa.key')}`,
      ],
    ]);
    const api = new ApiServer(folder, token, [server, store]);
    while ((await api.send('GET', '/readyz')).status !== 200) await sleep(200);
    return api;
  }

  /** What Helm finds it by. */
  get kubeconfig(): string {
    const file = join(this.folder, 'kubeconfig');
    const cluster = { server: `https://127.0.0.1:${this.servers[0]!.port}`, 'insecure-skip-tls-verify': true };
    const config = {
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'here' },
      clusters: [{ name: 'here', cluster }],
      users: [{ name: 'admin', user: { token: this.token } }],
      contexts: [{ name: 'here', context: { cluster: 'here', user: 'admin' } }],
    };
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }

  async create(path: string, body: object): Promise<void> {
    const { status, text } = await this.send('POST', path, body);
    if (status >= 300) throw new Error(`POST ${path}: ${status} ${text}`);
  }

  /** Server-side: would it be taken as it is? Fields that it does not know are refused. */
  async dryRun(manifest: Named, namespace: string): Promise<Verdict> {
    const path = `${await this.pathOf(manifest, namespace)}?dryRun=All&fieldManager=test&fieldValidation=Strict`;
    const { status, text, warnings } = await this.send('PATCH', path, manifest, 'application/apply-patch+yaml');
    return { status, warnings, message: status < 300 ? '' : JSON.parse(text).message };
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    for (const server of this.servers) await server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async pathOf({ apiVersion, kind, metadata }: Named, namespace: string): Promise<string> {
    const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    if (!this.plurals.has(`${group} ${kind}`)) {
      const { resources } = JSON.parse((await this.send('GET', group)).text);
      for (const one of resources as { name: string; kind: string }[])
        if (!one.name.includes('/')) this.plurals.set(`${group} ${one.kind}`, one.name);
    }
    return `${group}/namespaces/${namespace}/${this.plurals.get(`${group} ${kind}`)}/${metadata.name}`;
  }

  private send(method: string, path: string, body?: object, type = 'application/json') {
    return new Promise<{ status: number; text: string; warnings: string[] }>((resolve, reject) => {
      const headers = { authorization: `Bearer ${this.token}`, 'content-type': type };
      const options = { method, path, headers, agent: this.agent, host: '127.0.0.1', port: this.servers[0]!.port };
      const asked = request(options, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        resolve({ status: response.statusCode!, text, warnings: [response.headers.warning ?? []].flat() });
      });
      asked.on('error', reject).end(body && JSON.stringify(body));
    });
  }
}
