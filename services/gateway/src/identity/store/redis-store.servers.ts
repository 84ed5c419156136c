import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Seal } from '../../redis/seal.ts';
import { describeWithRedis, linkTo, startRedis, type TestRedis, until } from '../../testing/redis-server.ts';
import { identityStoreContract } from './identity-store.contract.ts';
import { type Change } from './identity-store.ts';
import { RedisStore } from './redis-store.ts';

const [OLD, NEW] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)];

describeWithRedis('redis-server', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  beforeEach(() => redis.intruder.flushall());

  async function open(keys = [OLD]) {
    const { link, lines } = linkTo(redis.env);
    await until(() => lines.length > 0);
    const warnings: string[] = [];
    const store = new RedisStore(link, new Seal(keys), { warn: (line: string) => warnings.push(line) } as never);
    const close = async () => {
      await store.close();
      link.close();
    };
    return { store, warnings, close };
  }

  identityStoreContract('Redis', async () => {
    const [one, other] = [await open(), await open()];
    await sleep(50); // each has looked once
    const close = async () => void (await Promise.all([one.close(), other.close()]));
    return { store: one.store, another: other.store, close };
  });

  describe('who is signed in, as Redis has it', () => {
    let one: Awaited<ReturnType<typeof open>>;
    let other: Awaited<ReturnType<typeof open>>;
    let heard: Change[];
    beforeEach(async () => {
      [one, other] = [await open(), await open()];
      await sleep(50);
      heard = [];
      other.store.watch((change) => heard.push(change));
    });
    afterEach(() => Promise.all([one.close(), other.close()]));
    const everything = async () => {
      const values = await Promise.all(
        (await redis.intruder.keys('*')).map(async (key) => {
          const type = await redis.intruder.type(key);
          if (type === 'string') return [key, await redis.intruder.get(key)];
          if (type === 'zset') return [key, await redis.intruder.zrange(key, '0', '-1')];
          return [key, await redis.intruder.xrange(key, '-', '+')];
        }),
      );
      return JSON.stringify(values);
    };

    it('is still there when Redis has been restarted, from its disk', async () => {
      await one.store.write('session', 's1', { of: 'anna' }, { owner: 'anna', keepMs: 60_000 });
      await one.store.write('token', 't1', { of: 'anna' });
      await redis.restart();
      const read = () => other.store.read('session', 's1').catch(() => undefined);
      await until(async () => (await read()) !== undefined);
      expect(await read()).toEqual({ of: 'anna' });
      expect(await other.store.list('session', 'anna')).toEqual([{ id: 's1', record: { of: 'anna' } }]);
      expect(await other.store.read('token', 't1')).toEqual({ of: 'anna' });
    }, 30_000);

    it('is nothing for who says no password, though Redis reads its disk as that user', async () => {
      const nobody = connect(redis.port, '127.0.0.1');
      nobody.write('SET fp:x 1\r\nAUTH default x\r\nAUTH x\r\nGET fp:x\r\nQUIT\r\n');
      const answers = (await text(nobody)).split('\r\n').map((line) => line.split(' ')[0]);
      expect(answers.slice(0, 4)).toEqual(['-NOAUTH', '-WRONGPASS', '-WRONGPASS', '-NOAUTH']);
    });

    it('is readable for gateways alone', async () => {
      await one.store.write('session', 'anna-id', { email: 'anna@acme.dev' }, { owner: 'person:anna' });
      await one.store.take('session', 'other-id');
      expect(await everything()).not.toMatch(/anna|acme|session|other-id/);
    });

    it('is not taken for true when it was forged or moved', async () => {
      await one.store.write('person', 'anna', { roles: ['viewer'] });
      const [annas] = (await redis.intruder.keys('*')).filter((key) => !key.endsWith('changes'));
      await one.store.write('person', 'eve', { roles: ['admin'] });
      const keys = await redis.intruder.keys('*');
      for (const from of keys) {
        if ((await redis.intruder.type(from)) !== 'string') continue;
        for (const to of keys)
          if (from !== to && (await redis.intruder.type(to)) === 'string')
            await redis.intruder.copy(from, to, 'REPLACE');
        expect(await one.store.read('person', 'anna')).not.toEqual({ roles: ['admin'] });
      }
      expect(annas).toBeDefined();
      for (const key of keys)
        if ((await redis.intruder.type(key)) === 'string')
          await redis.intruder.set(key, '\0\0{"record":{"roles":["admin"]}}');
      expect(await one.store.read('person', 'anna')).toBeUndefined();
      expect(await one.store.list('person')).toEqual([]);
      expect(one.warnings.length).toBeGreaterThan(0);
    });

    it('cannot be put back after its time', async () => {
      await one.store.write('session', 'a', 1, { keepMs: 150 });
      const [key] = (await redis.intruder.keys('*')).filter((name) => !name.endsWith('changes'));
      const names = await redis.intruder.keys('*');
      const type = await Promise.all(names.map((name) => redis.intruder.type(name)));
      const record = names[type.indexOf('string')]!;
      const bytes = await redis.intruder.getBuffer(record);
      await sleep(200);
      await redis.intruder.set(record, bytes!);
      expect(key).toBeDefined();
      expect(await one.store.read('session', 'a')).toBeUndefined();
    });

    it('is nothing that Redis may drop when it is full', async () => {
      await one.store.write('session', 'a', 1, { keepMs: 60_000, owner: 'anna' });
      await one.store.take('session', 'b');
      for (const key of await redis.intruder.keys('*')) expect(await redis.intruder.ttl(key)).toBe(-1);
    });

    it('is swept away after its time', async () => {
      const { link } = linkTo(redis.env);
      const old = new RedisStore(link, new Seal([OLD]), { warn: () => {} } as never, () => Date.now() - 9e6);
      await until(() =>
        old.write('session', 'a', 1, { keepMs: 1_000 }).then(
          () => true,
          () => false,
        ),
      );
      await one.store.write('session', 'b', 1, { keepMs: 60_000 });
      await (one.store as unknown as { sweep(): Promise<void> }).sweep();
      const types = await Promise.all((await redis.intruder.keys('*')).map((key) => redis.intruder.type(key)));
      expect(types.filter((type) => type === 'string')).toHaveLength(1);
      await old.close();
      link.close();
    });

    it('is forgotten by all gateways when changes are lost, forged or cut off', async () => {
      await one.store.write('session', 'a', 1);
      await until(() => heard.length > 0);
      heard.length = 0;
      await redis.intruder.del('fp:{i}:changes');
      await until(() => heard.includes('anything'), 2_000);
      await one.store.write('session', 'b', 1);
      await until(() => heard.some((change) => change !== 'anything'));
      heard.length = 0;
      await redis.intruder.xadd('fp:{i}:changes', '*', 'c', 'forged');
      await until(() => heard.includes('anything'), 2_000);
    });

    it('goes on being followed by who comes back to Redis', async () => {
      await one.store.write('session', 'a', 1);
      await until(() => heard.length > 0);
      await redis.intruder.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await sleep(200);
      await until(() =>
        one.store.take('session', 'a').then(
          () => true,
          () => false,
        ),
      );
      await until(() => heard.filter((change) => change !== 'anything').length > 1);
    });

    it('survives the replacing of keys', async () => {
      await one.store.write('token', 'a', 'of before', { owner: 'anna' });
      const between = await open([NEW, OLD]);
      expect(await between.store.list('token', 'anna')).toEqual([{ id: 'a', record: 'of before' }]);
      expect(await between.store.replace('token', 'a', 'of now', { owner: 'anna' })).toBe(true);
      expect(await between.store.read('token', 'a')).toBe('of now');
      const after = await open([NEW]);
      expect(await after.store.list('token', 'anna')).toEqual([{ id: 'a', record: 'of now' }]);
      expect(await between.store.take('token', 'a')).toBe('of now');
      expect(await one.store.read('token', 'a')).toBeUndefined();
      expect(await between.store.list('token')).toEqual([]);
      for (const gateway of [between, after]) await gateway.close();
    });

    it('survives it where nobody asks for it meanwhile', async () => {
      await one.store.write('person', 'anna', 'is here');
      const between = await open([NEW, OLD]);
      const after = await open([NEW]);
      await until(async () => (await after.store.read('person', 'anna')) === 'is here');
      for (const gateway of [between, after]) await gateway.close();
    });
  });

  it('that is away is said to be, and nothing is taken for absent', async () => {
    const own = await startRedis();
    const { link, lines } = linkTo(own.env, 50);
    await until(() => lines.length > 0);
    const store = new RedisStore(link, new Seal([OLD]), { warn: () => {} } as never);
    await own.stop();
    for (const ask of [() => store.read('session', 'a'), () => store.take('session', 'a'), () => store.list('session')])
      await expect(ask()).rejects.toMatchObject({ code: 'identity.unavailable' });
    await store.close();
    link.close();
  });
});
