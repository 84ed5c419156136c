import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer } from '@fingerpost/platform/testing';
import { NatsContainer } from '@testcontainers/nats';
import { RedisContainer, type StartedRedisContainer } from '@testcontainers/redis';
import { busContract } from '../../packages/platform/src/bus/bus.contract.ts';
import { connectNatsWire } from '../../packages/platform/src/bus/nats-wire.ts';
import { redisCache } from '../../services/gateway/src/answer/results/redis-cache.ts';
import { resultCacheContract } from '../../services/gateway/src/answer/results/result-cache.contract.ts';
import { integrationMemoryContract } from '../../services/gateway/src/keep/integration-memory.contract.ts';
import { redisMemory } from '../../services/gateway/src/keep/redis-memory.ts';
import { Seal } from '../../services/gateway/src/redis/seal.ts';
import { linkTo, until } from '../../services/gateway/src/testing/redis-server.ts';
import { root } from './testing/image.ts';

const PASSWORD = 'a password';
const SEAL = new Seal([Buffer.alloc(32, 7)]);

const hasDocker = findServer('docker') !== undefined;
(hasDocker ? describe : describe.skip)('the image of Redis, with the users of deploy/redis', () => {
  let folder: string;
  let redis: StartedRedisContainer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-redis-image-'));
    const users = await readFile(join(root, 'deploy/redis/users.acl'), 'utf8');
    const hash = createHash('sha256').update(PASSWORD).digest('hex');
    await writeFile(join(folder, 'users.acl'), users.replace('GATEWAY_PASSWORD_SHA256', hash));
    redis = await new RedisContainer('fingerpost/redis:8')
      .withBindMounts([{ source: join(folder, 'users.acl'), target: '/users.acl', mode: 'ro' }])
      .withCommand(['redis-server', '--bind', '*', '--dir', '/data', '--save', '', '--aclfile', '/users.acl'])
      .start();
  }, 60_000);
  afterAll(async () => {
    await redis?.stop();
    await rm(folder, { recursive: true });
  });

  async function open() {
    const { link, lines } = linkTo({
      REDIS_URL: `redis://127.0.0.1:${redis.getPort()}`,
      REDIS_USERNAME: 'gateway',
      REDIS_PASSWORD: PASSWORD,
      FINGERPOST_CACHE_KEY: Buffer.alloc(32, 7).toString('base64'),
    });
    await until(() => lines.length > 0);
    return link;
  }
  resultCacheContract('Redis', async () => {
    const link = await open();
    return { cache: redisCache(link, SEAL, () => {}), close: async () => link.close() };
  });
  integrationMemoryContract('Redis', async () => {
    const link = await open();
    return { memory: redisMemory(link, SEAL), close: async () => link.close() };
  });
});

(hasDocker ? describe : describe.skip)('the image of NATS', () => {
  busContract('over NATS', async () => {
    const nats = await new NatsContainer('fingerpost/nats:2').withJetStream().withArg('-sd', '/data').start();
    const { servers, user, pass } = nats.getConnectionOptions();
    return { connect: () => connectNatsWire({ servers, user, pass }), close: async () => void (await nats.stop()) };
  });
});
