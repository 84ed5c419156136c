import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SettingsError } from '@fingerpost/platform';
import {
  findPostgres,
  findServer,
  freePort,
  makeCertificate,
  type RealPostgres,
  startPostgres,
} from '@fingerpost/platform/testing';
import type { OnLine } from './child.ts';
import { Engine } from './engine.ts';
import { makeIdentities } from './errands.ts';
import type { Addresses } from './settings-of.ts';
import { Vault } from './vault.ts';

const DEPLOY = join(import.meta.dirname, '../..');

const PROGRAMS = ['nats-server', 'redis-server', 'postgres', 'bao'] as const;
type Programs = Record<(typeof PROGRAMS)[number], string>;

export interface Engines {
  nats: Engine;
  redis: Engine;
  postgres: RealPostgres;
  vault: Vault;
  addresses: Pick<Addresses, 'nats' | 'redis' | 'database'>;
  stop(): Promise<void>;
}

export interface EnginesOptions {
  folder: string;
  /** whose permissions NATS has */
  build: string;
  /** one more address on which NATS is to be had */
  natsAddress?: string;
  onLine: OnLine;
}

/** @throws SettingsError where programs are missing, with the names of all of them */
export async function startEngines({ folder, build, natsAddress, onLine }: EnginesOptions): Promise<Engines> {
  const programs = findPrograms();
  const [nats, redis, postgres, vault] = await Promise.all([
    startNats(programs['nats-server'], join(folder, 'nats'), build, natsAddress, onLine),
    startRedis(programs['redis-server'], join(folder, 'redis'), onLine),
    startPostgres(programs.postgres),
    Promise.all([freePort(), freePort()]).then(([port, clusterPort]) =>
      Vault.start(programs.bao, join(folder, 'vault'), port, clusterPort, onLine),
    ),
  ]);
  return {
    nats: nats.engine,
    redis: redis.engine,
    postgres,
    vault,
    addresses: {
      nats: nats.address,
      redis: { url: redis.url },
      database: { url: postgres.url },
    },
    stop: async () => {
      const engines = [nats.engine, redis.engine, vault.engine];
      await Promise.all([postgres.stop(), ...engines.map(({ child }) => child.stop())]);
    },
  };
}

function findPrograms(): Programs {
  const found = PROGRAMS.map((name) => [name, name === 'postgres' ? findPostgres() : findServer(name)] as const);
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => name);
  if (missing.length > 0)
    throw new SettingsError([
      `PATH: this machine lacks ${missing.join(', ')}; deploy/local/README.md says where to get them`,
    ]);
  return Object.fromEntries(found) as Programs;
}

async function startNats(program: string, folder: string, build: string, address: string | undefined, onLine: OnLine) {
  await makeIdentities(build, folder);
  const { cert, key } = makeCertificate(folder, address);
  const port = await freePort();
  const configuration = join(folder, 'server/nats-server.conf');
  const engine = await Engine.start(
    'nats',
    port,
    [program, '-c', configuration, '-a', address === undefined ? '127.0.0.1' : '0.0.0.0', '-p', `${port}`],
    onLine,
    { NATS_STORE: `${folder}-store`, NATS_TLS_CERT: cert, NATS_TLS_KEY: key },
  );
  const ca = join(folder, 'ca.pem'); // apart from what NATS shows, so that each can be replaced
  copyFileSync(cert, ca);
  return { engine, address: { url: `tls://127.0.0.1:${port}`, ca, identities: folder } };
}

async function startRedis(program: string, folder: string, onLine: OnLine) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString('base64url');
  const acl = readFileSync(join(DEPLOY, 'redis/users.acl'), 'utf8');
  const aclFile = join(folder, 'users.acl');
  writeFileSync(
    aclFile,
    acl.replaceAll('GATEWAY_PASSWORD_SHA256', createHash('sha256').update(password).digest('hex')),
  );
  const port = await freePort();
  const disk = ['--dir', folder, '--save', '', '--appendonly', 'yes'];
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', ...disk, '--aclfile', aclFile];
  const engine = await Engine.start('redis', port, [program, ...options], onLine);
  return { engine, url: `redis://gateway:${password}@127.0.0.1:${port}` };
}
