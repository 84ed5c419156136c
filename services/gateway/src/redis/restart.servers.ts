import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describeWithRedis, startRedis, type TestRedis } from '../testing/redis-server.ts';

const TWO_WRITES = `redis.call('set', KEYS[1], 'here'); redis.call('hset', KEYS[2], 'a', 'b'); return 1`;

const asGateway = async ({ port, env }: TestRedis, ask: (redis: Redis) => Promise<unknown>) => {
  const redis = new Redis({ port, username: env.REDIS_USERNAME, password: env.REDIS_PASSWORD });
  return ask(redis).finally(() => redis.disconnect());
};

describeWithRedis('a Redis with our users and our file', () => {
  it('has after a restart what gateways wrote: of scripts, too, which it reads as transactions', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fingerpost-redis-restart-'));
    const start = () => startRedis({ args: ['--dir', folder, '--appendfsync', 'always'] });
    const before = await start();
    await asGateway(before, (redis) => redis.eval(TWO_WRITES, 2, 'fp:{x}one', 'fp:{x}two'));
    await before.stop();
    const after = await start();
    expect(await asGateway(after, (redis) => redis.getrange('fp:{x}one', 0, -1))).toBe('here');
    await after.stop();
    await rm(folder, { recursive: true });
  });

  it('lets nobody in as its own user', async () => {
    const redis = await startRedis();
    const stranger = new Redis({
      port: redis.port,
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    stranger.on('error', () => {});
    await expect(stranger.set('fp:x', '1')).rejects.toThrow();
    stranger.disconnect();
    expect(await redis.intruder.exists('fp:x')).toBe(0);
    await redis.stop();
  });
});
