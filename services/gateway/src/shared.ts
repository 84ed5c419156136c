import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Log } from '@fingerpost/platform';
import { memoryCache } from './answer/results/memory-cache.ts';
import { redisCache } from './answer/results/redis-cache.ts';
import type { ResultCache } from './answer/results/result-cache.ts';
import { redisTurns } from './answer/turns/redis-turns.ts';
import { noTurns, type Turns } from './answer/turns/turns.ts';
import type { GatewaySettings } from './config.ts';
import { EmbeddedStore } from './identity/store/embedded-store.ts';
import type { IdentityStore } from './identity/store/identity-store.ts';
import { RedisStore } from './identity/store/redis-store.ts';
import type { IntegrationMemory } from './keep/integration-memory.ts';
import { ProcessMemory } from './keep/process-memory.ts';
import { redisMemory } from './keep/redis-memory.ts';
import { SharedCounts } from './limit/shared-counts.ts';
import { connectRedis } from './redis/connect-redis.ts';
import { RedisLink } from './redis/redis-link.ts';
import { readRedisSettings } from './redis/redis-settings.ts';
import { Seal } from './redis/seal.ts';

/** What gateways have in common where there is a Redis; each has its own where there is none. */
export interface Shared {
  results: ResultCache;
  turns: Turns;
  memory: IntegrationMemory;
  identity: IdentityStore;
  /** how often callers ask; absent: there is one gateway */
  counts?: SharedCounts;
  /** with what gateways seal what others carry for them */
  seal: Seal;
  close(): Promise<void>;
}

/** @throws SettingsError */
export async function openShared(settings: GatewaySettings, log: Log): Promise<Shared> {
  const redis = readRedisSettings(settings);
  if (redis === undefined) {
    const identity = await EmbeddedStore.open(join(settings.dataFolder, 'identity.json'));
    return {
      results: memoryCache({ bytes: settings.cacheBytes }),
      turns: noTurns,
      memory: new ProcessMemory(settings.memoryBytes),
      identity,
      seal: new Seal([randomBytes(32)]),
      close: () => identity.close(),
    };
  }
  const link = new RedisLink(connectRedis(redis), log);
  await link.meet(); // else the first who come are told that nobody knows who they are
  const seal = new Seal(redis.keys);
  const identity = new RedisStore(link, seal, log);
  const counts = new SharedCounts(link, seal);
  return {
    results: redisCache(link, seal, () =>
      log.warn('an entry of the shared cache was not written by a gateway; it is ignored'),
    ),
    turns: redisTurns(link, seal),
    memory: redisMemory(link, seal),
    identity,
    counts,
    seal,
    close: async () => {
      counts.close();
      await identity.close();
      link.close();
    },
  };
}
