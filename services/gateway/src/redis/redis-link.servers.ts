import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@fingerpost/platform/testing';
import {
  describeWithRedis,
  linkTo,
  slowWayTo,
  startRedis,
  startSentinel,
  type TestRedis,
  until,
} from '../testing/redis-server.ts';
import type { RedisLink } from './redis-link.ts';

let redis: TestRedis;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(...args: Parameters<typeof startRedis>): Promise<TestRedis> {
  redis = await startRedis(...args);
  closing.push(() => redis.stop());
  return redis;
}
function link(env = redis.env, readMs = 50) {
  const made = linkTo(env, readMs);
  closing.push(() => made.link.close());
  return made;
}
/** One by a way that takes as long as its `delay` says. */
async function slowLink() {
  await start();
  const delay = { ms: 0 };
  const way = await slowWayTo(redis, delay);
  closing.push(() => way.close());
  const made = link({ ...redis.env, REDIS_URL: `redis://127.0.0.1:${way.port}` });
  await until(() => isThere(made.link));
  return { ...made, delay };
}
const isThere = async (to: RedisLink) => (await to.ask((redis) => redis.ping())) !== undefined;
const tookMs = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
};

describeWithRedis('redis-server', () => {
  it('lets gateways do what they need and no more', async () => {
    await start();
    const { link: to, lines } = link();
    await until(() => isThere(to));
    const tries = [
      'get fp:a:x',
      'set other:x 1',
      'keys *',
      'scan 0',
      'config get *',
      'flushall',
      'acl list',
      'publish fp:x 1',
      'subscribe fp:x',
      'script load x',
      'debug sleep 0',
      'rename fp:a fp:b',
      'dump fp:a:x',
      'monitor',
    ];
    for (const text of tries) {
      const [command, ...values] = text.split(' ');
      const said = to.ask((redis) =>
        (redis as never as { call(...args: unknown[]): Promise<unknown> }).call(command!, ...values),
      );
      expect([text, await said]).toEqual([text, undefined]);
    }
    expect(await to.ask((redis) => redis.evalBuffer("return redis.call('GET', KEYS[1])", 1, 'fp:a:x'))).toBeUndefined();
    expect(
      await to.ask((redis) => redis.evalBuffer("return redis.call('SET', KEYS[1], 1)", 1, 'other:x')),
    ).toBeUndefined();
    expect(lines.filter((line) => line.includes('NOPERM'))).toHaveLength(1);
  });

  it('is reached over TLS, under its name and by its authority alone', async () => {
    await start({ isTls: true });
    const { link: to, lines } = link();
    await until(() => isThere(to));
    expect(lines).toEqual(['Redis is there']);

    const { REDIS_CA: _, ...withoutAuthority } = redis.env;
    const wrongName = { ...redis.env, REDIS_URL: redis.env.REDIS_URL!.replace('localhost', '127.0.0.1') };
    for (const env of [withoutAuthority, wrongName]) {
      const stranger = link(env);
      await until(() => stranger.lines.length > 0);
      expect(stranger.lines[0]).toMatch(
        /cannot be used \((SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|ERR_TLS_CERT_ALTNAME_INVALID)/,
      );
    }
  });

  it('says why it lets nobody in', async () => {
    await start();
    const { lines } = link({ ...redis.env, REDIS_PASSWORD: 'wrong' });
    await until(() => lines.length > 0);
    expect(lines[0]).toMatch(/cannot be used \(WRONGPASS/);
    expect(lines.join()).not.toMatch(/"wrong"|: wrong/);
  });

  it('is asked by the first who comes, once a gateway that starts has met it', async () => {
    const { link: to } = link((await start()).env);
    expect(await isThere(to)).toBe(false);
    await to.meet();
    expect(await isThere(to)).toBe(true);
  });

  it('holds up nobody’s start that is away or hangs', async () => {
    const away = link({ ...(await start()).env, REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    expect(await tookMs(() => away.link.meet())).toBeLessThan(900);
    redis.signal('SIGSTOP');
    expect(await tookMs(() => link().link.meet())).toBeLessThan(1_500);
    redis.signal('SIGCONT');
  });

  it('may come after the gateway', async () => {
    const port = await freePort();
    const env = {
      REDIS_URL: `redis://127.0.0.1:${port}`,
      FINGERPOST_CACHE_KEY: Buffer.alloc(32, 7).toString('base64'),
    };
    const { link: to, lines } = link({ ...env, REDIS_USERNAME: 'intruder', REDIS_PASSWORD: 'intruder' });
    expect(await isThere(to)).toBe(false);
    await until(() => lines.length > 0);
    await start({ port });
    await until(() => lines.length > 1);
    expect(lines).toEqual([expect.stringContaining('ECONNREFUSED'), 'Redis answers again']);
    expect(await isThere(to)).toBe(true);
  });

  it('that is stopped and started again costs two lines and no waiting', async () => {
    await start();
    const { link: to, lines } = link();
    await until(() => isThere(to));
    const before = lines.length;
    await redis.stop();
    for (let n = 0; n < 20; n++) expect(await tookMs(() => isThere(to))).toBeLessThan(100);
    await until(() => lines.length > before);
    await start({ port: redis.port });
    await until(() => isThere(to), 3_000);
    expect(lines.slice(before)).toEqual([expect.stringContaining('cannot be used'), 'Redis answers again']);
  });

  it('that hangs costs three time-outs, then nothing', async () => {
    await start();
    const { link: to, lines } = link();
    await until(() => isThere(to));
    const before = lines.length;
    redis.signal('SIGSTOP');
    const first = await Promise.all([1, 2, 3].map(() => tookMs(() => isThere(to))));
    for (const ms of first) expect(ms).toBeLessThan(150);
    const later = await Promise.all(Array.from({ length: 500 }, () => tookMs(() => isThere(to))));
    expect(Math.max(...later)).toBeLessThan(50);
    await sleep(2_500); // long enough for the connection to be given up
    expect(await tookMs(() => isThere(to))).toBeLessThan(150);
    redis.signal('SIGCONT');
    await until(() => isThere(to));
    expect(lines.slice(before, before + 2)).toEqual([
      expect.stringContaining('no answer within 50 ms'),
      'Redis answers again',
    ]);
  });

  it('that answers after 2 s counts as away', async () => {
    const { link: to, lines, delay } = await slowLink();
    const before = lines.length;
    delay.ms = 2_000;
    const startedAt = performance.now();
    const times: number[] = [];
    while (performance.now() - startedAt < 5_000) {
      times.push(await tookMs(() => isThere(to)));
      await sleep(5);
    }
    expect(Math.max(...times)).toBeLessThan(150);
    expect(times.filter((ms) => ms > 40).length).toBeLessThan(10);
    expect(lines.slice(before)).toEqual([expect.stringContaining('cannot be used')]);
    delay.ms = 0;
    await until(() => isThere(to));
    expect(lines[before + 1]).toBe('Redis answers again');
  });

  it('that is too slow for answers is asked by whoever needs it, and stays away for the rest', async () => {
    const { link: to, lines, delay } = await slowLink();
    const before = lines.length;
    delay.ms = 200;
    await Promise.all([1, 2, 3].map(() => isThere(to)));
    for (let n = 0; n < 3; n++) {
      expect(await to.ask((redis) => redis.ping(), { withinMs: 1_000, isNeeded: true })).toBe('PONG');
      expect(await tookMs(() => isThere(to))).toBeLessThan(40);
    }
    expect(lines.slice(before)).toEqual([expect.stringContaining('cannot be used')]);
  });

  it('that is too slow for answers is found out, however often it is asked by whoever has time', async () => {
    await start();
    const delay = { ms: 0 };
    const way = await slowWayTo(redis, delay);
    closing.push(() => way.close());
    const { link: to, lines } = link({ ...redis.env, REDIS_URL: `redis://127.0.0.1:${way.port}` });
    await until(() => isThere(to));
    const before = lines.length;
    delay.ms = 200;
    for (let n = 0; n < 4; n++) {
      expect(await to.ask((redis) => redis.ping(), { withinMs: 1_000, isNeeded: true })).toBe('PONG');
      await isThere(to);
    }
    expect(await tookMs(() => isThere(to))).toBeLessThan(40);
    expect(lines.slice(before)).toEqual([expect.stringContaining('cannot be used')]);
  });

  it('that hangs keeps strangers no longer than their bound, however many they are, and is asked again when it answers', async () => {
    await start();
    const { link: to } = link();
    await until(() => isThere(to));
    redis.signal('SIGSTOP');
    const strangers = Array.from({ length: 5_000 }, () =>
      tookMs(() => to.ask((redis) => redis.ping(), { withinMs: 500, isNeeded: true })),
    );
    expect(Math.max(...(await Promise.all(strangers)))).toBeLessThan(1_500);
    redis.signal('SIGCONT');
    await until(() => isThere(to));
  });

  it('that hangs does not have writes pile up', async () => {
    await start();
    const { link: to } = link();
    await until(() => isThere(to));
    redis.signal('SIGSTOP');
    const value = Buffer.alloc(1_000_000);
    const before = process.memoryUsage().arrayBuffers;
    const writes = Array.from({ length: 200 }, (_, n) =>
      to.ask((redis) => redis.set(`fp:a:${n}`, Buffer.from(value), 'PX', 1_000), {
        withinMs: 200,
        bytes: value.length,
      }),
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(40_000_000);
    expect((await Promise.all(writes)).every((reply) => reply === undefined)).toBe(true);
    redis.signal('SIGCONT');
  });

  it('can be a cluster', async () => {
    await start({ args: ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'] });
    await redis.intruder.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await until(async () => String(await redis.intruder.call('CLUSTER', 'INFO')).includes('cluster_state:ok'));
    const { REDIS_URL: _, ...env } = redis.env;
    const { link: to } = link({ ...env, REDIS_CLUSTER: `127.0.0.1:${redis.port}` }, 1_000);
    await until(() => isThere(to));
    for (let n = 0; n < 20; n++) {
      await to.ask((redis) => redis.set(`fp:a:${n}`, Buffer.from(`${n}`), 'PX', 10_000));
      expect(String(await to.ask((redis) => redis.getrangeBuffer(`fp:a:${n}`, 0, 9)))).toBe(`${n}`);
    }
  });

  it('can be whichever server sentinels call master', async () => {
    await start({ args: ['--repl-diskless-sync-delay', '0'] });
    const copy = await startRedis({
      args: ['--replicaof', `127.0.0.1 ${redis.port}`, '--masteruser', 'intruder', '--masterauth', 'intruder'],
    });
    closing.push(() => copy.stop());
    await until(async () => (await copy.intruder.info('replication')).includes('master_link_status:up'), 15_000);
    const sentinel = await startSentinel(redis);
    closing.push(() => sentinel.stop());
    const { REDIS_URL: _, ...env } = redis.env;
    const sentinels = {
      REDIS_SENTINELS: `127.0.0.1:${sentinel.port}`,
      REDIS_SENTINEL_NAME: 'main',
      REDIS_SENTINEL_PASSWORD: 'sentinel',
    };
    const { link: to } = link({ ...env, ...sentinels }, 1_000);
    await until(() => isThere(to));
    await until(async () => (await sentinel.replicas()) === 1);

    redis.signal('SIGKILL');
    const write = () => to.ask((redis) => redis.set('fp:a:x', Buffer.from('x'), 'PX', 10_000));
    await until(async () => (await write()) === 'OK', 60_000);
    expect(await copy.intruder.get('fp:a:x')).toBe('x');
  }, 90_000);
});
