import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Secret, SettingsError, type SettingsOf, type SettingsSpec } from '@fingerpost/platform';
import { gatewaySettings } from '../config.ts';

const { redisUrl, redisCluster, redisSentinels, redisSentinelName, redisSentinelPassword } = gatewaySettings;
const { redisUsername, redisPassword, redisCa, cacheKeys } = gatewaySettings;

/** Read apart from the rest, so that what is wrong with one is said beside what is wrong with the other. */
export const redisOnly = {
  ...{ redisUrl, redisCluster, redisSentinels, redisSentinelName, redisSentinelPassword },
  ...{ redisUsername, redisPassword, redisCa, cacheKeys },
} satisfies SettingsSpec;

type Given = SettingsOf<typeof redisOnly>;

/** How to reach Redis: one server, a cluster, or whichever server the sentinels call master. */
export interface RedisSettings {
  kind: 'server' | 'cluster' | 'sentinels';
  nodes: { host: string; port: number }[];
  /** what the sentinels call the master */
  sentinelName?: string;
  sentinelPassword?: Secret;
  username?: string;
  password?: Secret;
  /** of a server or of what the sentinels name; a cluster has one only */
  database: number;
  /** absent: no TLS */
  tls?: { ca?: string };
  /** 32 bytes each; the first one writes, all of them read */
  keys: Uint8Array[];
}

/** What the settings say together. @returns nothing where no Redis is named; @throws SettingsError with every problem at once */
export function readRedisSettings(settings: Given): RedisSettings | undefined {
  const { redisUrl, redisCluster, redisSentinels } = settings;
  const ways = [
    redisUrl !== undefined && 'REDIS_URL',
    redisCluster.length > 0 && 'REDIS_CLUSTER',
    redisSentinels.length > 0 && 'REDIS_SENTINELS',
  ].filter((way) => way !== false);
  const problems: string[] = [];
  if (ways.length === 0) return undefined;
  if (ways.length > 1) problems.push(`${ways.join(' and ')} are set together; keep one`);
  const { urls, ...way } = wayOf(settings, problems);
  const isTls = urls.some(({ protocol }) => protocol === 'rediss:');
  const read: RedisSettings = {
    ...way,
    nodes: urls.map(addressOf),
    ...accessOf(settings, urls[0], problems),
    ...(isTls && { tls: tlsOf(settings, problems) }),
    keys: keysOf(settings, problems),
  };
  if (!isTls && settings.redisCa !== undefined)
    problems.push('REDIS_CA: is for rediss:// addresses, and there is none');
  if (problems.length > 0) throw new SettingsError(problems);
  return read;
}

type Way = Pick<RedisSettings, 'kind' | 'sentinelName' | 'sentinelPassword' | 'database'> & { urls: URL[] };

function wayOf(
  { redisUrl, redisCluster, redisSentinels, redisSentinelName, redisSentinelPassword }: Given,
  problems: string[],
): Way {
  if (redisUrl !== undefined) {
    const [url] = urlsOf('REDIS_URL', [redisUrl.reveal()], problems);
    return { kind: 'server', urls: url ? [url] : [], database: databaseOf(url, problems) };
  }
  if (redisCluster.length > 0)
    return { kind: 'cluster', urls: urlsOf('REDIS_CLUSTER', redisCluster, problems), database: 0 };
  if (redisSentinelName === undefined)
    problems.push('REDIS_SENTINEL_NAME: is missing; it is the name that the sentinels have for the master');
  const urls = urlsOf('REDIS_SENTINELS', redisSentinels, problems);
  return {
    kind: 'sentinels',
    urls,
    sentinelName: redisSentinelName,
    sentinelPassword: redisSentinelPassword,
    database: 0,
  };
}

// What is wrong is not shown: it may hold a password.
function urlsOf(
  variable: 'REDIS_URL' | 'REDIS_CLUSTER' | 'REDIS_SENTINELS',
  texts: readonly string[],
  problems: string[],
): URL[] {
  const isOne = variable === 'REDIS_URL';
  const urls = texts.map((text) => URL.parse(isOne || text.includes('://') ? text : `redis://${text}`));
  const isRight = (url: URL | null): url is URL =>
    url !== null &&
    /^rediss?:$/.test(url.protocol) &&
    url.hostname !== '' &&
    url.search === '' &&
    (isOne || url.username + url.password + url.pathname === '');
  if (!urls.every(isRight))
    problems.push(
      isOne
        ? 'REDIS_URL: must be like redis://redis.acme.internal:6379, or rediss:// for TLS'
        : `${variable}: must be like redis-1.acme.internal:6379,redis-2.acme.internal:6379, each with rediss:// in front for TLS; user and password go into REDIS_USERNAME and REDIS_PASSWORD`,
    );
  return urls.filter(isRight);
}

function databaseOf(url: URL | undefined, problems: string[]): number {
  const path = url?.pathname.replace(/^\//, '') ?? '';
  if (!/^\d{0,4}$/.test(path))
    problems.push('REDIS_URL: ends with something else than the number of a database, such as /0');
  return Number(path) || 0;
}

const addressOf = ({ hostname, port }: URL) => ({
  host: hostname.replace(/^\[(.*)\]$/, '$1'),
  port: Number(port) || 6379,
});

function accessOf({ redisUsername, redisPassword }: Given, url: URL | undefined, problems: string[]) {
  if (url?.password && redisPassword !== undefined) problems.push('REDIS_PASSWORD: stands in REDIS_URL too; keep one');
  const [username, password] = [url?.username, url?.password].map((part) => decode(part ?? '', problems));
  return {
    username: redisUsername ?? (username || undefined),
    password: redisPassword ?? (password ? new Secret(password) : undefined),
  };
}

function decode(text: string, problems: string[]): string {
  try {
    return decodeURIComponent(text);
  } catch {
    problems.push(
      'REDIS_URL: has a "%" in user or password that stands for nothing; write it as %25, or set REDIS_PASSWORD',
    );
    return '';
  }
}

function tlsOf({ redisCa }: Given, problems: string[]): { ca?: string } {
  if (redisCa === undefined) return {};
  try {
    const ca = readFileSync(redisCa, 'utf8');
    new X509Certificate(ca);
    return { ca };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    problems.push(`REDIS_CA: cannot read a certificate in PEM from ${redisCa} (${code})`);
    return {};
  }
}

function keysOf({ cacheKeys }: Given, problems: string[]): Uint8Array[] {
  if (cacheKeys === undefined) {
    problems.push(
      'FINGERPOST_CACHE_KEY: is missing; gateways that share a Redis share a key of 32 bytes in base64, made with: openssl rand -base64 32',
    );
    return [];
  }
  const texts = cacheKeys
    .reveal()
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const keys = texts.map((text) => Buffer.from(text, 'base64'));
  if (keys.length === 0 || texts.some((text, at) => keys[at]!.length !== 32 || !/^[A-Za-z0-9+/_-]{43}=?$/.test(text)))
    problems.push('FINGERPOST_CACHE_KEY: each key must be 32 bytes in base64; make one with: openssl rand -base64 32');
  return keys;
}
