import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '@fingerpost/platform';
import { findServer, freePort, type RealServer, startServer } from '@fingerpost/platform/testing';
import { Redis } from 'ioredis';
import { gatewaySettings } from '../config.ts';
import { connectRedis } from '../redis/connect-redis.ts';
import { RedisLink } from '../redis/redis-link.ts';
import { readRedisSettings } from '../redis/redis-settings.ts';

export const redisServer = findServer('redis-server');
export const describeWithRedis = redisServer === undefined ? describe.skip : describe;

const DEPLOY = join(import.meta.dirname, '../../../../deploy/redis');
const USERS = readFileSync(join(DEPLOY, 'users.acl'), 'utf8');
const PASSWORD = 'a password with ünïcode, % and @';

/** A real server with the users that `deploy/redis` has, and one more for whoever breaks in. */
export interface TestRedis extends RealServer {
  /** what a gateway needs to be told */
  env: Record<string, string>;
  /** may everything: somebody who has broken into Redis */
  intruder: Redis;
  /** it ends, and begins again with what it has on its disk */
  restart(): Promise<void>;
}

export async function startRedis(
  { isTls = false, port, args = [] as string[] } = {} as { isTls?: boolean; port?: number; args?: string[] },
): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'fingerpost-redis-'));
  const users = USERS.replace('GATEWAY_PASSWORD_SHA256', hash('sha256', PASSWORD));
  writeFileSync(join(folder, 'users.acl'), `${users}user intruder on >intruder ~* &* +@all\n`);
  copyFileSync(join(DEPLOY, 'redis.conf'), join(folder, 'redis.conf')); // sentinels have servers rewrite theirs
  if (isTls) makeCertificate(folder);
  const begin = (at?: number) =>
    startServer(
      redisServer!,
      (port) => [
        join(folder, 'redis.conf'),
        ...(isTls ? ['--port', '0', '--tls-port', String(port), ...tlsArguments(folder)] : ['--port', String(port)]),
        ...['--bind', '127.0.0.1', '--dir', folder, '--save', '', '--aclfile', join(folder, 'users.acl'), ...args],
      ],
      at,
    );
  let server = await begin(port);
  const tls = isTls ? { tls: { ca: readFileSync(join(folder, 'ca.pem')) } } : {};
  const intruder = new Redis({
    port: server.port,
    username: 'intruder',
    password: 'intruder',
    lazyConnect: true,
    ...tls,
  });
  intruder.on('error', () => {});
  return {
    ...server,
    signal: (name) => server.signal(name),
    intruder,
    restart: async () => {
      await server.stop();
      server = await begin(server.port);
    },
    env: {
      REDIS_URL: `${isTls ? 'rediss' : 'redis'}://localhost:${server.port}`,
      REDIS_USERNAME: 'gateway',
      REDIS_PASSWORD: PASSWORD,
      FINGERPOST_CACHE_KEY: Buffer.alloc(32, 7).toString('base64'),
      ...(isTls && { REDIS_CA: join(folder, 'ca.pem') }),
    },
    stop: async () => {
      intruder.disconnect();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Watches a server and its replicas, and makes one of them master when that is gone. */
export async function startSentinel({ port }: { port: number }) {
  const folder = mkdtempSync(join(tmpdir(), 'fingerpost-sentinel-'));
  const file = join(folder, 'sentinel.conf');
  const main = [
    `monitor main 127.0.0.1 ${port} 1`,
    'auth-user main intruder',
    'auth-pass main intruder',
    // Held up itself for two seconds it does nothing for thirty, and no replica counts that lost its master ten times this ago.
    'down-after-milliseconds main 5000',
    'failover-timeout main 2000',
  ];
  writeFileSync(
    file,
    ['requirepass sentinel', 'bind 127.0.0.1', `dir ${folder}`, ...main.map((line) => `sentinel ${line}`)].join('\n'),
  );
  const server = await startServer(redisServer!, (own) => [file, '--sentinel', '--port', String(own)]);
  const asker = new Redis({ port: server.port, password: 'sentinel' });
  return {
    ...server,
    replicas: async () => ((await asker.call('SENTINEL', 'replicas', 'main')) as unknown[]).length,
    stop: async () => {
      asker.disconnect();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A gateway's link to it, patient where a busy machine is not what the test is about. `lines` is what operators read. */
export function linkTo(env: Record<string, string>, readMs = 5_000) {
  const lines: string[] = [];
  const log = { info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
  const settings = readRedisSettings(readSettings(env, gatewaySettings))!;
  return { link: new RedisLink(connectRedis(settings), log as never, readMs), lines, keys: settings.keys };
}

/** Waits until it holds. */
export async function until(holds: () => unknown, withinMs = 5_000): Promise<void> {
  const startedAt = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedAt > withinMs) throw new Error(`did not come to hold: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A way to a server on which every byte takes its time. */
export async function slowWayTo({ port }: { port: number }, delay: { ms: number }) {
  const own = await freePort();
  const sockets = new Set<Socket>();
  const later = (from: Socket, to: Socket) =>
    from.on('data', (bytes) => setTimeout(() => to.destroyed || to.write(bytes), delay.ms));
  const server = createServer((asker) => {
    const answerer = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [asker, answerer],
      [answerer, asker],
    ] as const) {
      sockets.add(one);
      one.on('error', () => {}).on('close', () => other.destroy());
    }
    asker.on('data', (bytes) => answerer.write(bytes));
    later(answerer, asker);
  }).listen(own, '127.0.0.1');
  return {
    port: own,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const tlsArguments = (folder: string) => [
  ...['--tls-cert-file', join(folder, 'ca.pem'), '--tls-key-file', join(folder, 'key.pem')],
  ...['--tls-ca-cert-file', join(folder, 'ca.pem'), '--tls-auth-clients', 'no'],
];

function makeCertificate(folder: string): void {
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'ca.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '1',
      ...subject,
      ...files,
    ],
    { stdio: 'ignore' },
  );
}
