import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BusRole, inboxOf } from '@fingerpost/contracts';
import { makeCertificate, type RealServer, startServer } from '@fingerpost/platform/testing';
import { createUser, type KeyPair } from '@nats-io/jwt';
import {
  type ConnectionOptions,
  connect,
  credsAuthenticator,
  jwtAuthenticator,
  type NatsConnection,
} from '@nats-io/transport-node';
import { connectNatsWire } from '../../../../packages/platform/src/bus/nats-wire.ts';
import { WireBus } from '../../../../packages/platform/src/bus/wire-bus.ts';
import { admitRunner } from '../../../../services/secrets/src/runners/admit-runner.ts';
import { parseRunnerKey } from '../../../../services/secrets/src/runners/runner-key.ts';
import { makeIdentities } from '../make-identities.ts';

export interface Runner {
  id: string;
  key: KeyPair;
  jwt: string;
}

/** nats-server as production has it: the committed configuration, TLS, and identities made for this test. */
export class GuardedNats {
  private server: RealServer;

  private constructor(
    readonly program: string,
    readonly folder: string,
  ) {}

  static async start(program: string): Promise<GuardedNats> {
    const nats = new GuardedNats(program, await mkdtemp(join(tmpdir(), 'fingerpost-guarded-nats-')));
    await makeIdentities(nats.folder);
    makeCertificate(nats.folder);
    await nats.up();
    return nats;
  }

  /** On the same port each time. */
  async up(): Promise<void> {
    const configuration = join(this.folder, 'server/nats-server.conf');
    const argumentsFor = (port: number) => ['-c', configuration, '-a', '127.0.0.1', '-p', String(port)];
    this.server = await startServer(this.program, argumentsFor, this.server?.port, {
      NATS_STORE: join(this.folder, 'store'),
      NATS_TLS_CERT: join(this.folder, 'cert.pem'),
      NATS_TLS_KEY: join(this.folder, 'key.pem'),
    });
  }

  /** It takes what is written now. */
  reload(): void {
    this.server.signal('SIGHUP');
  }

  down(): Promise<void> {
    return this.server.stop();
  }

  async close(): Promise<void> {
    await this.down();
    await rm(this.folder, { recursive: true, force: true });
  }

  get address() {
    return {
      servers: [`127.0.0.1:${this.server.port}`],
      tls: { ca: readFileSync(join(this.folder, 'cert.pem'), 'utf8') },
    };
  }

  creds(role: string): Promise<Buffer> {
    return readFile(join(this.folder, `creds/${role}.creds`));
  }

  async runnerKey() {
    return parseRunnerKey(await readFile(join(this.folder, 'creds/runner-key.json'), 'utf8'));
  }

  async admit(key = createUser(), lifeMs?: number): Promise<Runner> {
    const id = key.getPublicKey();
    return { id, key, jwt: (await admitRunner(await this.runnerKey(), id, lifeMs)).jwt };
  }

  async optionsOf(who: Exclude<BusRole, 'runner'> | Runner): Promise<ConnectionOptions> {
    if (typeof who === 'string')
      return { ...this.address, authenticator: credsAuthenticator(await this.creds(who)), inboxPrefix: inboxOf(who) };
    const authenticator = jwtAuthenticator(who.jwt, who.key.getSeed());
    return { ...this.address, authenticator, inboxPrefix: inboxOf('runner', who.id) };
  }

  /** The bare protocol: what an attacker with these credentials has. */
  async connect(who: Exclude<BusRole, 'runner'> | Runner): Promise<NatsConnection> {
    return connect({ ...(await this.optionsOf(who)), reconnect: false });
  }

  async bus(who: Exclude<BusRole, 'runner'> | Runner): Promise<WireBus> {
    return new WireBus(await connectNatsWire(await this.optionsOf(who)), { error: () => {} });
  }
}

/** What of all that the server refuses: `publish a.b`, `subscribe a.b`, or `subscribe a.b queue`. */
export async function refusedOf(connection: NatsConnection, attempts: string[]): Promise<string[]> {
  const refused: string[] = [];
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type !== 'error') continue;
      const { operation, subject, queue } = status.error as unknown as Record<string, string | undefined>;
      refused.push([operation === 'publish' ? 'publish' : 'subscribe', subject, queue].filter(Boolean).join(' '));
    }
  })();
  for (const attempt of attempts) {
    const [verb, subject, queue] = attempt.split(' ') as [string, string, string | undefined];
    if (verb === 'publish') connection.publish(subject, 'attempt');
    else connection.subscribe(subject, { queue, callback: () => {} });
  }
  await connection.flush();
  await connection.flush();
  return attempts.filter((attempt) => refused.includes(attempt));
}
