import { setTimeout as sleep } from 'node:timers/promises';
import { type ContextAnswer, gatewaySubjects } from '@fingerpost/contracts';
import { PREFIX } from './identity/store/redis-scripts.ts';
import {
  digestOf,
  type FakeCompany,
  type FakeIntegration,
  githubPage,
  startCompany,
  text,
} from './testing/fake-services.ts';
import { describeWithRedis, slowWayTo, startRedis, type TestRedis, until } from './testing/redis-server.ts';

const reads = [{ how: 'value' as const, path: ['page', 'repository'] }];
const says = (name: string, more: Partial<FakeIntegration> = {}): FakeIntegration => ({
  name,
  run: () => ({ insights: [text(`of ${name}`)], reads }),
  ...more,
});
const takes = (name: string, ms: number, more: Partial<FakeIntegration> = {}) =>
  says(name, { run: () => sleep(ms, { insights: [text(`of ${name}`)], reads }), ...more });

const digestIn = (ticket: string): string =>
  JSON.parse(Buffer.from(ticket.split('.')[1]!, 'base64url').toString()).digest;

describeWithRedis('two gateways on one redis-server', () => {
  let redis: TestRedis;
  let company: FakeCompany;
  const closing: (() => unknown)[] = [];
  const start = async (integrations: FakeIntegration[], env: Record<string, string> = {}) => {
    redis = await startRedis();
    company = await startCompany(integrations, { ...redis.env, ...env }, { gateways: 2 });
    closing.push(
      () => redis.stop(),
      () => company.close(),
    );
    await until(() => company.log.lines.filter((line) => line.includes('Redis is there')).length === 2);
  };
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  const ask = async (at: number, page = githubPage('acme/webshop')): Promise<ContextAnswer> =>
    (await (await company.ask(page, { at })).json()) as ContextAnswer;
  const lines = () => company.log.lines.join('\n');

  it('share answers, with whoever looks at the same things', async () => {
    await start([says('owner'), says('declared', { cacheKey: ['page.repository'] })]);
    await ask(0);
    await sleep(20);
    const other = await ask(1, githubPage('acme/webshop', { tab: 2 }));
    expect(other).toMatchObject({ data: [text('of owner'), text('of declared')], cacheHits: 2 });
    expect(company.runs).toHaveLength(2);
    await ask(1, githubPage('acme/other'));
    expect(company.runs).toHaveLength(4);
  });

  it('run once what twenty want of both at the same moment', async () => {
    await start([takes('slow', 150)]);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(n % 2)));
    for (const { data, failedCount } of answers) expect([data, failedCount]).toEqual([[text('of slow')], 0]);
    expect(company.runs).toHaveLength(1);
  });

  it('leave nothing readable there, and nothing without an end', async () => {
    await start([takes('secret-project-owner', 100), says('mine', { scope: 'user' })]);
    const asked = Promise.all([ask(0, githubPage('acme/secret-project')), ask(1, githubPage('acme/secret-project'))]);
    await sleep(50);
    const found: string[] = [];
    const look = async () => {
      for (const key of await redis.intruder.keys('*')) {
        if (key.startsWith(PREFIX)) continue; // of people and keys, which gateways sweep themselves
        found.push(key, (await redis.intruder.get(key))!);
        expect(await redis.intruder.pttl(key)).not.toBe(-1);
      }
    };
    await look();
    await asked;
    await look();
    expect(found.length).toBeGreaterThan(8);
    expect(found.join()).not.toMatch(/acme|secret|owner|mine|token|insights|reads/);
  });

  it('do not believe what an intruder puts there', async () => {
    await start([says('owner')]);
    await ask(0);
    await sleep(20);
    for (const key of await redis.intruder.keys('*'))
      await redis.intruder.set(
        key,
        JSON.stringify({ insights: [text('forged')], storedAt: Date.now(), lifetimeMs: 1e9 }),
      );
    expect((await ask(1)).data).toEqual([text('of owner')]);
    expect(company.runs).toHaveLength(2);
    expect(lines()).toContain('was not written by a gateway');
  });

  it('give nothing again that was revoked, whether it is kept, stale or on its way', async () => {
    let revoked = false;
    await start([
      takes('slow', 400, {
        run: async () => {
          await sleep(400);
          return { insights: [text('of slow')], reads };
        },
        fits: () => !revoked,
      }),
      says('owner', { fits: () => !revoked }),
    ]);
    expect((await ask(1, githubPage('a/b'))).count).toBe(2);
    const [first, second] = [ask(0), ask(1)];
    await sleep(100);
    revoked = true;
    company.changeCatalogue();
    await first;
    await second;
    // Asked for before, so its runner had to judge; what the first one found was not taken.
    expect(company.runs.filter(({ ticket }) => digestIn(ticket) === digestOf('slow'))).toHaveLength(3);
    for (const at of [0, 1]) {
      expect(await ask(at, githubPage('a/b'))).toMatchObject({ count: 0, integrationNames: [] });
      expect(await ask(at)).toMatchObject({ count: 0, integrationNames: [] });
    }
  });

  it('give nothing again that was answered with secrets of before', async () => {
    await start([says('owner')]);
    await ask(0);
    await sleep(20);
    company.changeSecrets();
    await sleep(20);
    expect((await ask(1)).cacheHits).toBe(0);
    expect((await ask(0)).cacheHits).toBe(1);
  });

  it('remember the same for integrations', async () => {
    await start([says('owner', { cacheSeconds: 0 })]);
    await ask(0);
    const { ticket } = company.runs[0]!;
    // The queue group deals questions out, so several reach both.
    const remember = (value: number) =>
      company.bus.request(gatewaySubjects.remember, { ticket, key: 'k', value, ttlSeconds: 60 }, { timeoutMs: 1_000 });
    for (let n = 0; n < 10; n++) {
      await remember(n);
      const recalled = company.bus.request(gatewaySubjects.recall, { ticket, key: 'k' }, { timeoutMs: 1_000 });
      expect(await recalled).toEqual({ value: n });
    }
  });

  it('fail nobody when Redis is killed while one waits for the other', async () => {
    await start([takes('slow', 300)]);
    const answers = Promise.all([0, 1, 0, 1].map((at) => ask(at)));
    await sleep(100);
    redis.signal('SIGKILL');
    for (const { data, failedCount } of await answers) expect([data, failedCount]).toEqual([[text('of slow')], 0]);
    expect(company.runs.length).toBeLessThanOrEqual(2);
    for (let n = 0; n < 10; n++) expect((await ask(n % 2, githubPage(`acme/${n}`))).failedCount).toBe(0);
  });

  it('answer as fast as ever when Redis takes 2 s or hangs', async () => {
    redis = await startRedis();
    const delay = { ms: 0 };
    const way = await slowWayTo(redis, delay);
    company = await startCompany(
      [says('owner')],
      { ...redis.env, REDIS_URL: `redis://127.0.0.1:${way.port}` },
      { gateways: 2 },
    );
    closing.push(
      () => redis.stop(),
      () => way.close(),
      () => company.close(),
    );
    await until(() => lines().includes('Redis is there'));
    for (const trouble of [() => (delay.ms = 2_000), () => redis.signal('SIGSTOP')]) {
      trouble();
      const times: number[] = [];
      for (let n = 0; n < 100; n++) {
        const startedAt = performance.now();
        expect((await ask(n % 2, githubPage(`acme/${trouble}${n}`))).failedCount).toBe(0);
        times.push(performance.now() - startedAt);
      }
      expect(Math.max(...times)).toBeLessThan(400);
      expect(times.filter((ms) => ms > 60).length).toBeLessThan(12);
    }
  });

  it('start without it, say so, and share from when it comes', async () => {
    redis = await startRedis();
    const { port, env } = redis;
    await redis.stop();
    company = await startCompany([says('owner')], env, { gateways: 2 });
    closing.push(() => company.close());
    expect((await ask(0)).count).toBe(1);
    expect(lines()).toMatch(/Redis cannot be used \(ECONNREFUSED\)/);
    redis = await startRedis({ port });
    closing.push(() => redis.stop());
    await until(() => company.log.lines.filter((line) => line.includes('Redis answers again')).length === 2);
    await ask(0, githubPage('acme/later'));
    await sleep(20);
    expect((await ask(1, githubPage('acme/later'))).cacheHits).toBe(1);
  });
});
