import { Seal } from '../../redis/seal.ts';
import { describeWithRedis, linkTo, startRedis, type TestRedis, until } from '../../testing/redis-server.ts';
import { redisCache } from './redis-cache.ts';
import { resultCacheContract } from './result-cache.contract.ts';

describeWithRedis.each([false, true])('redis-server, TLS: %s', (isTls) => {
  let redis: TestRedis;
  const forgeries: string[] = [];
  beforeAll(async () => {
    redis = await startRedis({ isTls });
  });
  afterAll(() => redis.stop());
  beforeEach(async () => {
    forgeries.length = 0;
    await redis.intruder.flushall();
  });

  async function open(keys = [Buffer.alloc(32, 7)]) {
    const { link, lines } = linkTo(redis.env);
    await until(() => lines.length > 0);
    return { cache: redisCache(link, new Seal(keys), (key) => forgeries.push(key)), close: async () => link.close() };
  }
  resultCacheContract('Redis', open);

  describe('an entry there', () => {
    let made: Awaited<ReturnType<typeof open>>;
    beforeEach(async () => {
      made = await open();
    });
    afterEach(() => made.close());
    const theEntry = async () => (await redis.intruder.keys('*'))[0]!;

    it('is not readable, neither what it is nor whose', async () => {
      await made.cache.write('acme/secret-project token:anna', '{"insights":"on call: Anna"}', 60_000);
      const entry = await theEntry();
      expect(entry).toMatch(/^fp:a:[\w-]{32}$/);
      expect(await redis.intruder.get(entry)).not.toMatch(/insights|Anna/);
    });

    it('always has an end', async () => {
      await made.cache.write('key', 'text', 1.5);
      await made.cache.write('other', 'text', 60_000.7);
      for (const entry of await redis.intruder.keys('*')) expect(await redis.intruder.pttl(entry)).not.toBe(-1);
    });

    it('counts as not there when it was forged, cut, or is huge', async () => {
      await made.cache.write('mine', 'true', 60_000);
      const entry = await theEntry();
      const bytes = (await redis.intruder.getBuffer(entry))!;
      const forged = Buffer.from(bytes);
      forged[20]! ^= 1;
      for (const value of [
        forged,
        bytes.subarray(0, -1),
        bytes.subarray(1),
        Buffer.from('{"insights":[]}'),
        Buffer.alloc(100_000_000, 1),
      ]) {
        await redis.intruder.set(entry, value);
        expect(await made.cache.read('mine')).toBeUndefined();
      }
      expect(forgeries).toHaveLength(5);
      await redis.intruder.del(entry);
      await redis.intruder.lpush(entry, 'a list');
      expect(await made.cache.read('mine')).toBeUndefined();
    });

    it('counts as not there when it was moved', async () => {
      await made.cache.write('mine', 'true', 60_000);
      const mine = await theEntry();
      await made.cache.write('theirs', 'also true', 60_000);
      const theirs = (await redis.intruder.keys('*')).find((entry) => entry !== mine)!;
      await redis.intruder.copy(theirs, mine, 'REPLACE');
      expect(await made.cache.read('mine')).toBeUndefined();
      expect(forgeries).toEqual(['mine']);
    });

    it('is not written when it is larger than anybody would read', async () => {
      await made.cache.write('key', 'x'.repeat(1_000_001), 60_000);
      expect(await redis.intruder.dbsize()).toBe(0);
    });

    it('can be read while the key is being replaced, by gateways before and after', async () => {
      const [old, young] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)];
      const [before, after] = [await open([old, young]), await open([young, old])];
      await before.cache.write('of before', 'one', 60_000);
      await after.cache.write('of after', 'two', 60_000);
      for (const { cache } of [before, after])
        expect([await cache.read('of before'), await cache.read('of after')]).toEqual(['one', 'two']);
      expect(forgeries).toEqual([]);
      await Promise.all([before.close(), after.close()]);
    });
  });
});
