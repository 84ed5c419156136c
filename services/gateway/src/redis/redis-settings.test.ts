import { inspect } from 'node:util';
import { readSettings } from '@fingerpost/platform';
import { gatewaySettings } from '../config.ts';
import { readGatewaySettings } from '../read-gateway-settings.ts';
import { readRedisSettings } from './redis-settings.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const read = (env: Record<string, string>) =>
  readRedisSettings(readSettings({ FINGERPOST_CACHE_KEY: KEY, ...env }, gatewaySettings));
function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    read(env);
    return [];
  } catch (error) {
    return (error as { problems: string[] }).problems;
  }
}

describe('settings of a gateway', () => {
  it('tell what is wrong with Redis beside what is wrong with the rest', () => {
    const env = { PORT: 'x', REDIS_URL: 'http://redis' };
    expect(() => readGatewaySettings(env)).toThrow(/PORT: .*REDIS_URL: .*FINGERPOST_CACHE_KEY: /s);
  });
});

describe('settings of Redis', () => {
  it('are none where no Redis is named', () => {
    expect(read({})).toBeUndefined();
  });

  it('name a server, with user and password in the address or beside it', () => {
    const settings = read({ REDIS_URL: 'redis://me:p%40ss@redis.acme:6380/2' })!;
    expect(settings).toMatchObject({
      kind: 'server',
      nodes: [{ host: 'redis.acme', port: 6380 }],
      database: 2,
      username: 'me',
    });
    expect(settings.password!.reveal()).toBe('p@ss');
    expect(settings.tls).toBeUndefined();
    expect(read({ REDIS_URL: 'rediss://[fd00::1]', REDIS_PASSWORD: 'p' })).toMatchObject({
      nodes: [{ host: 'fd00::1', port: 6379 }],
      tls: {},
    });
  });

  it('name nodes of a cluster, or sentinels', () => {
    expect(read({ REDIS_CLUSTER: 'a:1, rediss://b:2' })).toMatchObject({
      kind: 'cluster',
      nodes: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
      tls: {},
    });
    expect(read({ REDIS_SENTINELS: 'a:1', REDIS_SENTINEL_NAME: 'main' })).toMatchObject({
      kind: 'sentinels',
      sentinelName: 'main',
    });
  });

  it('do not show passwords', () => {
    const settings = read({
      REDIS_SENTINELS: 'a',
      REDIS_SENTINEL_NAME: 'x',
      REDIS_PASSWORD: 'hunter2',
      REDIS_SENTINEL_PASSWORD: 'hunter3',
    });
    const given = readSettings(
      { REDIS_URL: 'redis://me:hunter1@a', REDIS_PASSWORD: 'hunter2', FINGERPOST_CACHE_KEY: 'hunter4' },
      gatewaySettings,
    );
    for (const shown of [settings, given]) expect(inspect(shown) + JSON.stringify(shown)).not.toMatch(/hunter/);
  });

  it('take several keys, the one that writes first', () => {
    const other = Buffer.alloc(32, 8).toString('base64');
    const { keys } = read({ REDIS_URL: 'redis://a', FINGERPOST_CACHE_KEY: `${other}, ${KEY}` })!;
    expect(keys.map(([byte]) => byte)).toEqual([8, 7]);
  });

  it.each([
    [{ REDIS_URL: 'http://a' }, 'REDIS_URL: must be like'],
    [{ REDIS_URL: 'localhost:6379' }, 'REDIS_URL: must be like'],
    [{ REDIS_URL: 'redis://a/zero' }, 'REDIS_URL: ends with'],
    [{ REDIS_URL: 'redis://me:100%@a' }, 'write it as %25'],
    [{ REDIS_URL: 'redis://me:hunter2@a', REDIS_PASSWORD: 'hunter2' }, 'REDIS_PASSWORD: stands in REDIS_URL too'],
    [{ REDIS_CLUSTER: 'redis://me:hunter2@a' }, 'REDIS_CLUSTER: must be like'],
    [{ REDIS_SENTINELS: 'a' }, 'REDIS_SENTINEL_NAME: is missing'],
    [{ REDIS_URL: 'redis://a', REDIS_CLUSTER: 'a' }, 'REDIS_URL and REDIS_CLUSTER are set together'],
    [{ REDIS_URL: 'redis://a', REDIS_CA: '/some/ca.pem' }, 'REDIS_CA: is for rediss://'],
    [{ REDIS_URL: 'rediss://a', REDIS_CA: '/nowhere/ca.pem' }, 'REDIS_CA: cannot read'],
    [{ REDIS_URL: 'redis://a', FINGERPOST_CACHE_KEY: '' }, 'openssl rand -base64 32'],
    [
      { REDIS_URL: 'redis://a', FINGERPOST_CACHE_KEY: `${KEY},hunter2` },
      'FINGERPOST_CACHE_KEY: each key must be 32 bytes',
    ],
  ])('are refused by name: %j', (env, problem) => {
    const problems = problemsOf(env as Record<string, string>);
    expect(problems).toEqual([expect.stringContaining(problem)]);
    expect(problems.join()).not.toContain('hunter');
  });

  it('are told wrong all at once', () => {
    expect(problemsOf({ REDIS_SENTINELS: 'http://x', REDIS_CA: '/x', FINGERPOST_CACHE_KEY: 'x' })).toHaveLength(4);
  });
});
