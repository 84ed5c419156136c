import { Cluster, type CommonRedisOptions, Redis } from 'ioredis';
import { boundReplies } from './bound-replies.ts';
import type { RedisSettings } from './redis-settings.ts';

export type RedisClient = Redis | Cluster;

const CONNECT_MS = 2_000;
/** A server that says nothing for so long, while it owes something, is given up and connected anew. */
const SILENT_MS = 2_000;
const RETRY_MS = 1_000;

/** Connects in the background, for ever. Commands meanwhile fail at once: nothing queues up for a server that is away. */
export function connectRedis(settings: RedisSettings): RedisClient {
  const { kind, nodes, sentinelName, sentinelPassword, database, tls } = settings;
  if (kind === 'cluster') {
    const cluster = new Cluster(nodes, {
      enableOfflineQueue: false,
      clusterRetryStrategy: retryDelay,
      clusterNodeRetryStrategy: retryDelay,
      retryDelayOnFailover: 0,
      maxRedirections: 3,
      dnsLookup: (name, found) => found(null, name), // certificates are for names
      redisOptions: optionsOf(settings),
    });
    return cluster.on('+node', boundReplies);
  }
  if (kind === 'sentinels')
    return boundReplies(
      new Redis({
        ...optionsOf(settings),
        sentinels: nodes,
        name: sentinelName,
        sentinelPassword: sentinelPassword?.reveal(),
        sentinelTLS: tls,
        enableTLSForSentinelMode: tls !== undefined,
        failoverDetector: true,
        enableOfflineQueue: false,
        retryStrategy: retryDelay,
      }),
    );
  return boundReplies(
    new Redis({
      ...optionsOf(settings),
      ...nodes[0],
      db: database,
      enableOfflineQueue: false,
      retryStrategy: retryDelay,
    }),
  );
}

function optionsOf({ username, password, tls }: RedisSettings): CommonRedisOptions & { tls?: { ca?: string } } {
  return {
    username,
    password: password?.reveal(),
    ...(tls && { tls }),
    connectionName: 'fingerpost-gateway',
    disableClientInfo: true,
    connectTimeout: CONNECT_MS,
    socketTimeout: SILENT_MS,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    reconnectOnError: ({ message }) => message.startsWith('READONLY'), // no longer the master
  };
}

const retryDelay = (times: number): number =>
  Math.min(25 * 2 ** Math.min(times, 6), RETRY_MS) * (0.5 + Math.random() / 2);
