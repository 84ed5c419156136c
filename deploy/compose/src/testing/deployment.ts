import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@fingerpost/platform/testing';
import { makeKeys } from '../make-keys.ts';
import { type Changes, override } from './override.ts';
import { until } from './until.ts';

const HERE = join(import.meta.dirname, '../../../..');
const COMPOSE = 'docker-compose'; // or a link to Compose v2
const SERVICES = ['gateway', 'registry', 'runner', 'secrets'];

export interface DeploymentOptions {
  /** keys and what is changed; made if need be, and for nobody else */
  folder: string;
  /** where integrations lie */
  integrations: string;
  /** further files of the repository, such as `deploy/compose/development.yml` */
  files?: string[];
  /** names by which the door is called besides */
  hosts?: string[];
  /** the folder of another release, in place of this one; its images are those of `version` */
  checkout?: string;
  version?: string;
  /** what is other than in docker-compose.yml; `host`: the host's address for those who have a way out */
  changes?: (host: string) => Changes;
}

/** docker-compose.yml as it stands, under a name of its own, on keys of its own. */
export class Deployment {
  private follower: ChildProcess | undefined;

  private constructor(
    readonly name: string,
    readonly port: number,
    readonly keys: string,
    readonly host: string,
    private readonly root: string,
    /** what its commands are told */
    readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Returns when all of it has been started; gateways may not be ready yet. */
  static async up(options: DeploymentOptions): Promise<Deployment> {
    const { folder, integrations, files = [], hosts = [], checkout, version } = options;
    const root = checkout ?? HERE;
    const port = await freePort();
    const [keys, file] = [join(folder, 'keys'), join(folder, 'override.json')];
    const net = (n: number) => `198.18.${2 * (port % 120) + n}`; // two deployments at a time do not meet
    const changes = options.changes?.(`${net(1)}.1`) ?? {};
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (checkout === undefined) await makeKeys(keys, hosts);
    else await run('npm', ['run', 'compose:secrets', '--', ...hosts], { ...process.env, FINGERPOST_KEYS: keys }, root);
    await chmod(integrations, 0o755); // services are run by nobody in particular
    await writeFile(file, JSON.stringify(override(changes, `${net(1)}.0/24`)));
    const deployment = new Deployment(`fingerpost-${port}`, port, keys, `${net(1)}.1`, root, {
      ...process.env,
      ...(version !== undefined && { FINGERPOST_VERSION: version }),
      COMPOSE_PROJECT_NAME: `fingerpost-${port}`,
      COMPOSE_FILE: [...['docker-compose.yml', ...files].map((name) => join(root, name)), file].join(':'),
      FINGERPOST_KEYS: keys,
      FINGERPOST_INTEGRATIONS: integrations,
      FINGERPOST_PORT: String(port),
      FINGERPOST_METRICS_NET: `198.19.${port % 250}`,
      FINGERPOST_EDGE_SUBNET: `${net(0)}.0/24`,
    });
    await deployment.compose('up', '--detach').catch(async (error) => {
      const log = await deployment.compose('logs', '--no-color', '--tail', '20');
      await deployment.down();
      throw new Error(`${error.message}\n${log}`);
    });
    return deployment;
  }

  /** So many of them, all well. */
  async scale(service: string, count: number): Promise<void> {
    await this.compose('up', '--detach', '--no-recreate', '--scale', `${service}=${count}`);
    await until(async () => {
      const states = await this.inspect(service, '{{.State.Health.Status}}');
      return states.filter((state) => state === 'healthy').length === count;
    });
  }

  /** @returns how those of the product's own services ended that did not do so with 0, such as `gateway 137` */
  async stop(): Promise<string[]> {
    await this.compose('stop');
    const ends = await Promise.all(SERVICES.map((service) => this.inspect(service, `${service} {{.State.ExitCode}}`)));
    return ends.flat().filter((end) => !end.endsWith(' 0'));
  }

  /** Nothing of it stays. */
  async down(): Promise<void> {
    this.follower?.kill(); // by Compose v2 it does not end by itself
    await this.compose('down', '--volumes', '--timeout', '20', '--remove-orphans');
  }

  async isReady(withinMs = 90_000): Promise<void> {
    const isHealthy = async () => (await this.inspect('gateway', '{{.State.Health.Status}}')).includes('healthy');
    await until(isHealthy, withinMs).catch(async () => {
      throw new Error(`No gateway became healthy:\n${await this.compose('logs', '--no-color', '--tail', '30')}`);
    });
  }

  async token(): Promise<string> {
    return (await readFile(join(this.keys, 'token'), 'utf8')).trim();
  }

  async containers(service: string): Promise<string[]> {
    return (await this.compose('ps', '--all', '--quiet', service)).split('\n').filter((id) => id !== '');
  }

  /** What Docker knows of each of a service's containers. */
  async inspect(service: string, format: string): Promise<string[]> {
    const containers = await this.containers(service);
    return Promise.all(containers.map((container) => docker('inspect', '--format', format, container)));
  }

  /** Of all its containers, on all networks. */
  async addresses(service: string): Promise<string[]> {
    const lines = await this.inspect(service, '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}');
    return lines.flatMap((line) => line.split(' '));
  }

  /** A program for Node in a container of that service. @returns what it says */
  async node(service: string, program: string): Promise<string> {
    const [container] = await this.containers(service);
    return docker('exec', container!, 'node', '--input-type=module', '--eval', program);
  }

  /** Line by line, what all of them say from now on and have said. */
  follow(): NodeJS.ReadableStream {
    const args = ['logs', '--follow', '--no-color', '--no-log-prefix'];
    const follower = spawn(COMPOSE, args, { cwd: this.root, env: this.env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.follower = follower;
    return follower.stdout;
  }

  async compose(...args: string[]): Promise<string> {
    return run(COMPOSE, args, this.env, this.root);
  }

  /** Commands as a person gives them, where docker-compose.yml lies. @throws with what was said */
  async type(commands: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
    return run('sh', ['-euc', commands], { ...this.env, ...env }, this.root);
  }
}

export const docker = (...args: string[]): Promise<string> => run('docker', args, process.env, HERE);

async function run(command: string, args: string[], env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd, env, maxBuffer: 1e8 });
  return stdout.trim();
}
