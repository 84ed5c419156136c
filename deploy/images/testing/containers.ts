import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeKeys } from '@fingerpost/compose';
import { docker, root, version } from './image.ts';

/** What every container can bear, and should: nothing to write to, nothing to become. */
export const HARDENED = ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'];
const PATIENCE_MS = 60_000;

/** The product as containers on a network of their own, with names of their own. */
export class Containers {
  private readonly name = `fingerpost-verify-${process.pid}`;
  private readonly started: string[] = [];

  constructor(private readonly folder: string) {
    docker('network', 'create', this.name);
  }

  /** The bus, the service that has the root key, and that key's public half for all others. */
  async begin(): Promise<void> {
    await makeKeys(this.folder);
    const configuration = `${join(root, 'deploy/nats/nats-server.conf')}:/etc/nats/nats-server.conf:ro`;
    const identities = this.lend('nats/server/identities.conf', '/etc/nats/identities.conf');
    const certificate = [...this.lend('nats/tls.crt', '/key/tls.crt'), ...this.lend('nats/tls.key', '/key/tls.key')];
    const settings = env({ NATS_STORE: '/data', NATS_TLS_CERT: '/key/tls.crt', NATS_TLS_KEY: '/key/tls.key' });
    const options = ['--network-alias', 'nats', '--volume', configuration, ...identities, ...certificate, ...settings];
    this.run('nats', [...HARDENED, ...options, 'fingerpost/nats:2', '-c', '/etc/nats/nats-server.conf']);
    this.start('secrets', [
      ...this.lend('nats/creds/runner-key.json', '/key/runner-key.json'),
      ...env({ NATS_RUNNER_KEY: '/key/runner-key.json' }),
    ]);
    await this.becomes('secrets', 'healthy');
    const { kty, crv, x } = JSON.parse(this.read('secrets', '/data/keys/root.json'));
    await writeFile(this.rootKey, JSON.stringify({ kty, crv, x }));
  }

  /** One service, as an operator should start it; `options` are docker's. A second one of a kind has a name of its own. */
  start(service: string, options: string[] = [], name = service): void {
    const creds = `nats/creds/${service === 'runner' ? 'join' : service}.creds`;
    const keys = [...this.lend('ca.crt', '/key/ca.crt'), ...this.lend(creds, '/key/creds')];
    const rootKey = service === 'secrets' ? [] : ['--volume', `${this.rootKey}:/key/root.json:ro`];
    const settings = env({
      NATS_URL: 'tls://nats:4222',
      NATS_CA: '/key/ca.crt',
      NATS_CREDS: '/key/creds',
      FINGERPOST_ROOT_KEY: '/key/root.json',
    });
    this.run(name, [...HARDENED, ...keys, ...rootKey, ...settings, ...options, `fingerpost/${service}:${version}`]);
  }

  /** Waits for what HEALTHCHECK says, or for the end of the container (`exited`). @throws with the log where it does not come */
  async becomes(service: string, wanted: 'healthy' | 'exited'): Promise<void> {
    const format = wanted === 'exited' ? '{{.State.Status}}' : '{{.State.Health.Status}}';
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(200))
      if (docker('inspect', '--format', format, this.nameOf(service)) === wanted) return;
    throw new Error(`${service} did not become ${wanted}: ${this.log(service)}`);
  }

  /** As an orchestrator does it: SIGTERM, then patience. @returns the exit code */
  stop(service: string): number {
    docker('stop', '--time', '20', this.nameOf(service));
    return this.exitCode(service);
  }

  exitCode(service: string): number {
    return Number(docker('inspect', '--format', '{{.State.ExitCode}}', this.nameOf(service)));
  }

  log(service: string): string {
    const { stdout, stderr } = spawnSync('docker', ['logs', this.nameOf(service)], { encoding: 'utf8' });
    return `${stdout}${stderr}`;
  }

  /** Where the host reaches it. */
  address(service: string, port: number): string {
    return docker('port', this.nameOf(service), String(port)).split('\n')[0]!;
  }

  read(service: string, path: string): string {
    return docker(
      'exec',
      this.nameOf(service),
      'node',
      '-p',
      `fs.readFileSync(${JSON.stringify(path)}, 'utf8')`,
    ).trim();
  }

  close(): void {
    for (const container of this.started) docker('rm', '--force', '--volumes', container);
    docker('network', 'rm', this.name);
  }

  /** `args`: docker's options, the image, and what is run in it. */
  run(container: string, args: string[]): void {
    const name = this.nameOf(container);
    if (!this.started.includes(name)) this.started.push(name);
    docker('run', '--detach', '--name', name, '--network', this.name, ...args);
  }

  private get rootKey(): string {
    return join(this.folder, 'root.json');
  }

  private nameOf(service: string): string {
    return `${this.name}-${service}`;
  }

  /** A file of the keys' folder, for one container. */
  private lend(file: string, path: string): string[] {
    return ['--volume', `${join(this.folder, file)}:${path}:ro`];
  }
}

const env = (settings: Record<string, string>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
