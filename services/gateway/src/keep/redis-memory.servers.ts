import { setTimeout as sleep } from 'node:timers/promises';
import { Seal } from '../redis/seal.ts';
import { describeWithRedis, linkTo, startRedis, type TestRedis, until } from '../testing/redis-server.ts';
import { integrationMemoryContract } from './integration-memory.contract.ts';
import { redisMemory } from './redis-memory.ts';

describeWithRedis('redis-server', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(() => redis.intruder.flushall());

  async function open(keys = [Buffer.alloc(32, 7)]) {
    const { link, lines } = linkTo(redis.env);
    await until(() => lines.length > 0);
    return { memory: redisMemory(link, new Seal(keys)), close: async () => link.close(), lines };
  }
  integrationMemoryContract('Redis', open);

  describe('what integrations remember there', () => {
    type Gateway = Awaited<ReturnType<typeof open>>;
    let [one, other, between] = [] as unknown as [Gateway, Gateway, Gateway];
    beforeEach(async () => {
      [one, other, between] = [await open(), await open(), await open([Buffer.alloc(32, 8), Buffer.alloc(32, 7)])];
    });
    afterEach(() => Promise.all([one, other, between].map((gateway) => gateway.close())));
    const theBox = async () => (await redis.intruder.keys('*'))[0]!;
    const fieldsOf = async (box: string) => (await redis.intruder.hkeys(box)).filter((field) => field !== '#');

    it('is the same behind every gateway', async () => {
      await one.memory.remember('d', 'org', 'k', [1], 60);
      expect(await other.memory.recall('d', 'org', 'k')).toEqual([1]);
      await other.memory.remember('d', 'org', 'k', undefined, 0);
      expect(await one.memory.recall('d', 'org', 'k')).toBeUndefined();
    });

    it('is not readable, neither value nor key nor whose it is', async () => {
      await one.memory.remember('digest-a', 'token:anna', 'acme/secret-project', 'a token for X', 60);
      const box = await theBox();
      const all = [box, JSON.stringify(await redis.intruder.hgetall(box))].join();
      expect(all).not.toMatch(/digest-a|anna|acme|secret|token/);
    });

    it('lives no longer than its longest-lived value', async () => {
      await one.memory.remember('d', 'org', 'long', 1, 100);
      await one.memory.remember('d', 'org', 'short', 1, 10);
      const ttl = await redis.intruder.pttl(await theBox());
      expect(ttl).toBeGreaterThan(90_000);
      expect(ttl).toBeLessThanOrEqual(100_000);
    });

    it('takes no forged, moved or huge value for true', async () => {
      await one.memory.remember('d', 'org', 'mine', 'true', 60);
      const box = await theBox();
      const [mine] = await fieldsOf(box);
      await one.memory.remember('d', 'org', 'theirs', 'also true', 60);
      const [theirs] = (await fieldsOf(box)).filter((field) => field !== mine);
      const moved = await redis.intruder.hgetBuffer(box, theirs!);
      for (const value of [moved!, Buffer.from('{"until":9e15,"value":"forged"}'), Buffer.alloc(50_000_000, 1), '']) {
        await redis.intruder.hset(box, mine!, value);
        expect(await one.memory.recall('d', 'org', 'mine')).toBeUndefined();
      }
      await redis.intruder.set(box, 'not a hash');
      expect(await one.memory.recall('d', 'org', 'mine')).toBeUndefined();
    });

    it('cannot be put back after its time', async () => {
      await one.memory.remember('d', 'org', 'k', 'old', 0.2);
      const box = await theBox();
      const [field] = await fieldsOf(box);
      const old = await redis.intruder.hgetBuffer(box, field!);
      await sleep(250);
      await redis.intruder.hset(box, field!, old!);
      expect(await one.memory.recall('d', 'org', 'k')).toBeUndefined();
    });

    it('survives the replacing of keys, and what was replaced meanwhile does not come back', async () => {
      await one.memory.remember('d', 'org', 'k', 'of before', 60);
      expect(await between.memory.recall('d', 'org', 'k')).toBe('of before');
      await between.memory.remember('d', 'org', 'k', 'of now', 0.1);
      await sleep(150);
      expect(await between.memory.recall('d', 'org', 'k')).toBeUndefined();
    });

    it('counts its bytes right, whatever is written over, forgotten or dropped', async () => {
      const keys = Array.from({ length: 40 }, (_, n) => `k${n}`);
      for (let n = 0; n < 400; n++) {
        const key = keys[(n * 7) % 40]!;
        if (n % 5 === 0) await one.memory.remember('d', 'org', key, undefined, 0);
        else await one.memory.remember('d', 'org', key, 'x'.repeat((n * 997) % 90_000), 60);
      }
      const { '#': counted, ...values } = await redis.intruder.hgetallBuffer(await theBox());
      const bytes = Object.values(values).reduce((sum, value) => sum + value.length + 100, 0);
      expect(Number(counted)).toBe(bytes);
      expect(bytes).toBeLessThanOrEqual(1_000_000);
    });

    it('makes room for a large value among thousands of small ones without stopping Redis', async () => {
      const box = one.memory;
      for (let n = 0; n < 6_000; n += 100)
        await Promise.all(Array.from({ length: 100 }, (_, m) => box.remember('d', 'org', `k${n + m}`, 1, 60)));
      const startedAt = performance.now();
      await box.remember('d', 'org', 'large', 'x'.repeat(99_000), 60);
      expect(performance.now() - startedAt).toBeLessThan(50);
      expect(await box.recall('d', 'org', 'large')).toBeDefined();
    });
  });
});
