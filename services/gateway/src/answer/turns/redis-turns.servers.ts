import { setTimeout as sleep } from 'node:timers/promises';
import { Seal } from '../../redis/seal.ts';
import { describeWithRedis, linkTo, startRedis, type TestRedis, until } from '../../testing/redis-server.ts';
import { redisTurns } from './redis-turns.ts';
import type { Turns } from './turns.ts';

describeWithRedis('redis-server', () => {
  let redis: TestRedis;
  const links: { close(): void }[] = [];
  let [one, other] = [] as unknown as [Turns, Turns];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(async () => {
    await redis.intruder.flushall();
    [one, other] = [await open(), await open()];
  });
  afterEach(() => {
    for (const link of links.splice(0)) link.close();
  });
  async function open(): Promise<Turns> {
    const { link, lines, keys } = linkTo(redis.env);
    await until(() => lines.length > 0);
    links.push(link);
    return redisTurns(link, new Seal(keys));
  }
  const theLease = async () => (await redis.intruder.keys('*'))[0]!;

  describe('turns there', () => {
    it('are one gateway’s at a time', async () => {
      const turns = await Promise.all([one, other, one, other].map((gateway) => gateway.take('key')));
      expect(turns.filter(({ isOurs }) => isOurs)).toHaveLength(1);
      const holders = new Set(turns.filter(({ isOurs }) => !isOurs).map(({ holder }) => holder));
      expect([...holders]).toEqual([expect.stringMatching(/^[\w-]{16}$/)]);
      expect((await one.take('another key')).isOurs).toBe(true);
    });

    it('pass on when they are given back, and only by whoever has them', async () => {
      const mine = await one.take('key');
      const { holder, ...theirs } = await other.take('key');
      theirs.done();
      expect(await other.take('key')).toMatchObject({ isOurs: false, holder });
      mine.done();
      await until(async () => (await redis.intruder.dbsize()) === 0);
      const next = await other.take('key');
      expect(next.isOurs).toBe(true);
      mine.done();
      await sleep(20);
      expect((await one.take('key')).isOurs).toBe(false);
      next.done();
    });

    it('last as long as the run, and 1.5 s where their gateway was killed', async () => {
      const turn = await one.take('key');
      await sleep(2_200);
      expect((await other.take('key')).isOurs).toBe(false);
      links[0]!.close(); // as if killed: nobody renews it
      const startedAt = performance.now();
      await until(async () => (await other.take('key')).isOurs);
      expect(performance.now() - startedAt).toBeLessThan(1_700);
      turn.done();
    });

    it('do not show for what they are', async () => {
      const turn = await one.take('acme/secret-project');
      expect([await theLease(), await redis.intruder.get(await theLease())].join()).not.toMatch(/acme|secret/);
      turn.done();
    });

    it('count for nothing when somebody else has written them', async () => {
      const turn = await one.take('key');
      const lease = await theLease();
      for (const value of [
        'forged',
        '',
        Buffer.alloc(100_000_000, 1),
        (await redis.intruder.getBuffer(lease))!.subarray(1),
      ]) {
        await redis.intruder.set(lease, value);
        expect(await other.take('key')).toMatchObject({ isOurs: true });
      }
      await redis.intruder.del(lease);
      await redis.intruder.lpush(lease, 'a list');
      expect(await other.take('key')).toMatchObject({ isOurs: true });
      turn.done();
    });
  });
});
