import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { docker, version } from './image.ts';

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
    await mkdir(join(this.folder, 'key'));
    this.run('nats', ['--read-only', '--cap-drop', 'ALL', 'fingerpost/nats:2']);
    await wait(1_000);
    this.start('secrets', ['--volume', `${this.name}:/data`]);
    await this.becomes('secrets', 'healthy');
    const file = join(this.folder, 'root.json');
    docker('cp', `${this.nameOf('secrets')}:/data/keys/root.json`, file);
    const { kty, crv, x } = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(join(this.folder, 'key/root.json'), JSON.stringify({ kty, crv, x }));
  }

  /** One service, as an operator should start it; `options` are docker's. A second one of a kind has a name of its own. */
  start(service: string, options: string[] = [], name = service): void {
    const settings = [
      '--env',
      `NATS_URL=nats://${this.nameOf('nats')}:4222`,
      '--env',
      'FINGERPOST_ROOT_KEY=/key/root.json',
    ];
    const key = ['--volume', `${join(this.folder, 'key')}:/key:ro`];
    this.run(name, [...HARDENED, ...settings, ...key, ...options, `fingerpost/${service}:${version}`]);
  }

  /** Waits for what HEALTHCHECK says, or for the end of the container (`exited`). @throws with the log where it does not come */
  async becomes(service: string, wanted: 'healthy' | 'exited'): Promise<void> {
    const format = wanted === 'exited' ? '{{.State.Status}}' : '{{.State.Health.Status}}';
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await wait(200))
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
    docker('volume', 'rm', '--force', this.name);
    docker('network', 'rm', this.name);
  }

  /** `args`: docker's options, the image, and what is run in it. */
  run(container: string, args: string[]): void {
    const name = this.nameOf(container);
    if (!this.started.includes(name)) this.started.push(name);
    docker('run', '--detach', '--name', name, '--network', this.name, ...args);
  }

  private nameOf(service: string): string {
    return `${this.name}-${service}`;
  }
}
