import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SettingsError } from '@fingerpost/platform';
import { freePort, isListening } from '@fingerpost/platform/testing';
import { type Change, Child, type OnLine, type Program } from './child.ts';
import { openDoor } from './door.ts';
import { type Engines, startEngines } from './engines.ts';
import { migrate } from './errands.ts';
import { type Addresses, type Role, settingsOf } from './settings-of.ts';

/** Our own build. */
export const REPOSITORY = join(import.meta.dirname, '../../..');

export interface ClusterOptions {
  /** where keys and data lie; made if need be, and never one of an earlier start */
  folder: string;
  /** where it is asked */
  port: number;
  gateways: number;
  registries: number;
  runners: number;
  secrets: number;
  /** settings for all services; `INTEGRATION_*` go to the secrets service alone */
  env: NodeJS.ProcessEnv;
  /** whose services are started, after `npm run build`; without it our own */
  build?: string;
  /** what gateways seal with; without it a new one */
  cacheKey?: string;
  /** one more address on which NATS is to be had */
  natsAddress?: string;
  /** when the engines are up, and nothing of ours is: what a backup holds goes in here */
  restore?: (engines: Engines) => Promise<void>;
  /** for tests: how a service is started otherwise */
  adapt?: (name: string, program: Program) => Program;
  onLine: OnLine;
}

/** The whole product on one machine as production has it: each service a process of its own, on real servers, behind a load balancer. */
export class Cluster {
  private closeDoor = () => {};

  private constructor(
    readonly url: string,
    readonly engines: Engines,
    readonly addresses: Addresses,
    readonly services: ReadonlyMap<string, Child>,
    /** where each of them tells how it does */
    readonly healthPorts: ReadonlyMap<string, number>,
    private readonly gatewayPorts: readonly number[],
  ) {}

  /** Returns when every gateway can answer. @throws when something ends before */
  static async start(options: ClusterOptions): Promise<Cluster> {
    const { folder, port, env, onLine, build = REPOSITORY, adapt = (_name, program) => program } = options;
    refuseUsed(folder);
    await refuseTaken(port);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const engines = await startEngines({ ...options, build });
    await options.restore?.(engines);
    const gatewayPorts = await Promise.all(Array.from({ length: options.gateways }, freePort));
    const addresses = await addressesFor(options, engines);
    const services = new Map<string, Child>();
    const count = options.gateways + options.registries + options.runners + options.secrets;
    const doors = await Promise.all(Array.from({ length: count }, freePort));
    const healthPorts = new Map<string, number>();
    const start = (role: Role, number: number, more: NodeJS.ProcessEnv = {}) => {
      const name = `${role}-${number}`;
      const door = doors.pop()!;
      healthPorts.set(name, door);
      const program = {
        command: process.execPath,
        args: [join(build, `services/${role}/dist/main.js`)],
        env: { ...settingsOf(role, addresses, env), HEALTH_PORT: `${door}`, ...more },
        cwd: build,
      };
      services.set(name, new Child(name, adapt(name, program), onLine));
    };
    await migrate(build, addresses.database.url);
    for (let n = 1; n <= options.secrets; n++) start('secrets', n);
    for (let n = 1; n <= options.runners; n++) start('runner', n);
    for (let n = 1; n <= options.registries; n++) start('registry', n);
    // The first one makes the API token that all of them accept.
    start('gateway', 1, { PORT: `${gatewayPorts[0]}` });
    const cluster = new Cluster(`http://127.0.0.1:${port}`, engines, addresses, services, healthPorts, gatewayPorts);
    await cluster.isReady();
    for (const [index, gatewayPort] of gatewayPorts.entries())
      if (index > 0) start('gateway', index + 1, { PORT: `${gatewayPort}` });
    await cluster.isReady();
    cluster.closeDoor = await openDoor(port, gatewayPorts);
    return cluster;
  }

  /** Past the door. */
  urlOfGateway(number: number): string {
    return `http://127.0.0.1:${this.gatewayPorts[number - 1]}`;
  }

  /** Of services, NATS, Redis and OpenBao; Postgres is not our child. */
  get pids(): number[] {
    const { nats, redis, vault } = this.engines;
    return [...this.services.values(), nats.child, redis.child, vault.engine.child].map(({ pid }) => pid);
  }

  service(name: string): Child {
    const child = this.services.get(name);
    if (child === undefined) throw new Error(`There is no ${name}; there are ${[...this.services.keys()].join(', ')}.`);
    return child;
  }

  /** Those of one kind. */
  named(role: Role): Child[] {
    return [...this.services].filter(([name]) => name.startsWith(role)).map(([, child]) => child);
  }

  /** One after another, each when the one before is back, from now on as `change` says: nobody who asks meanwhile is to notice. */
  async restart(children: readonly Child[] = [...this.services.values()], change?: Change): Promise<void> {
    for (const child of children) {
      await child.stop();
      child.startAgain(change);
      await child.says('started');
      await this.isReady();
    }
  }

  /** From the door inwards: whoever is still being served needs those behind. */
  async stop(): Promise<void> {
    this.closeDoor();
    for (const role of ['gateway', 'registry', 'runner', 'secrets'] as const)
      await Promise.all(this.named(role).map((child) => child.stop()));
    await this.engines.stop();
  }

  /** Every gateway that runs says that it can answer. */
  async isReady(withinMs = 60_000): Promise<void> {
    const until = performance.now() + withinMs;
    for (const [index, port] of this.gatewayPorts.entries()) {
      const child = this.services.get(`gateway-${index + 1}`);
      while (child !== undefined && !(await answersReady(port))) {
        const ended = [...this.services.values()].find(({ isRunning }) => !isRunning);
        if (ended !== undefined) throw new Error(`${ended.name} ended:\n${ended.log.slice(-4_000)}`);
        if (performance.now() > until) throw new Error(`${child.name} is not ready:\n${child.log.slice(-4_000)}`);
        await sleep(50);
      }
    }
  }
}

/**
 * Each start begins with engines that are empty: a Vault that is set up, with a database that is not, would fit nobody.
 * @throws SettingsError
 */
async function refuseTaken(port: number): Promise<void> {
  if (await isListening(port))
    throw new SettingsError([`PORT: ${port} is taken; end the other process or choose another port`]);
}

function refuseUsed(folder: string): void {
  if (existsSync(join(folder, 'vault')))
    throw new SettingsError([
      `FINGERPOST_DATA: ${folder} holds what an earlier cluster left; name another folder, or none`,
    ]);
}

/** What services are told of the engines, with the root's public keys in a file for them. */
async function addressesFor({ folder, port, cacheKey }: ClusterOptions, engines: Engines): Promise<Addresses> {
  const { vault } = engines;
  const rootKeyFile = join(folder, 'root-key.json');
  writeFileSync(rootKeyFile, JSON.stringify(await vault.rootKeys()));
  return {
    ...engines.addresses,
    vault: { url: vault.url, ...(await vault.login()) },
    door: port,
    folder,
    cacheKey: cacheKey ?? randomBytes(32).toString('base64'),
    rootKeyFile,
  };
}

const answersReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
