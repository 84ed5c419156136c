import { setTimeout as sleep } from 'node:timers/promises';
import { Seal } from '../redis/seal.ts';
import { describeWithRedis, linkTo, startRedis, type TestRedis, until } from '../testing/redis-server.ts';
import { CallerLimit } from './caller-limit.ts';
import { SharedCounts } from './shared-counts.ts';

describeWithRedis('redis-server', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  async function open(perMinute: number) {
    const { link, lines } = linkTo(redis.env);
    await until(() => lines.length > 0);
    const counts = new SharedCounts(link, new Seal([Buffer.alloc(32, 7)]));
    const close = () => {
      counts.close();
      link.close();
    };
    return { limit: new CallerLimit(perMinute, counts), close };
  }
  const refused = { code: 'request.rate_limited' };

  describe('the limit behind two gateways', () => {
    it('is one, a moment later; each caller’s own; and Redis is told nobody’s name', async () => {
      const [one, other] = [await open(10), await open(10)];
      for (let n = 0; n < 6; n++) await one.limit.take('address:203.0.113.9');
      await other.limit.take('address:203.0.113.9');
      await until(async () => {
        const allowance = await other.limit.take('address:203.0.113.9').catch(() => undefined);
        return allowance === undefined || allowance.remaining <= 2;
      });
      await sleep(600);
      for (let n = 0; n < 4; n++) await other.limit.take('address:203.0.113.9').catch(() => {});
      await expect(other.limit.take('address:203.0.113.9')).rejects.toMatchObject(refused);
      await expect(other.limit.take('person:anna')).resolves.toMatchObject({ remaining: 9 });
      const [key] = await redis.intruder.keys('fp:l:*');
      expect(JSON.stringify([key, await redis.intruder.hgetall(key!)])).not.toContain('203.0.113');
      expect(await redis.intruder.pttl(key!)).toBeGreaterThan(0);
      for (const gateway of [one, other]) gateway.close();
    });

    it('is each gateway’s own while Redis hangs', async () => {
      const { limit, close } = await open(3);
      redis.signal('SIGSTOP');
      for (let n = 0; n < 3; n++) await limit.take('person:ben');
      await expect(limit.take('person:ben')).rejects.toMatchObject(refused);
      redis.signal('SIGCONT');
      close();
    });
  });
});
