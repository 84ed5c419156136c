import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendantsOf } from '@fingerpost/platform/testing';
import { Redis } from 'ioredis';
import { Administrator } from '../cluster/administrator.ts';
import { describeOnCluster } from '../cluster/describe-on-cluster.ts';
import { Ground, TOKEN } from '../cluster/ground.ts';
import { githubPage, integration } from '../product.ts';

const SESSIONS = 45; // nobody may have more tokens than 50
const PAGES = 1_000;
const AT_A_TIME = 8;

/** The figures behind docs/operations/sizing.md that no bench has: what one more of each thing takes. */
describeOnCluster('the product', () => {
  let ground: Ground;
  let redis: Redis;

  beforeAll(async () => {
    ground = await Ground.start({
      ...{ gateways: 1, registries: 1, runners: 1, secrets: 1 },
      env: { ...Administrator.env, FINGERPOST_RATE_LIMIT: '0' },
    });
    redis = new Redis(ground.cluster.addresses.redis.url, { enableReadyCheck: false });
  }, 120_000);
  afterAll(async () => {
    redis?.disconnect();
    await ground?.stop();
  }, 60_000);

  const redisBytes = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))![1]);
  const trail = () =>
    ground.cluster.engines.postgres
      .run(`SELECT count(*) || ' ' || pg_total_relation_size('audit_trail') FROM audit_trail`)
      .trim()
      .split(' ')
      .map(Number) as [rows: number, bytes: number];
  const megabytes = () =>
    [...ground.cluster.services].map(([name, { pid }]) => {
      const pids = [pid, ...descendantsOf(pid)];
      return `${name} ${pids.map((one) => Math.round(pssOf(one) / 1024)).join(' + ')} MB`;
    });

  it('takes so much for sessions and audit events', async () => {
    const [redisBefore, [rowsBefore, bytesBefore]] = [await redisBytes(), trail()];
    for (let n = 0; n < SESSIONS; n++) await Administrator.enter(ground.cluster.url);
    await sleep(3_000);
    const [rows, bytes] = trail();
    console.log({
      'Redis bytes for a session with an API token': Math.round((await redisBytes()) - redisBefore) / SESSIONS,
      'Postgres bytes for an audit event': Math.round((bytes - bytesBefore) / (rows - rowsBefore)),
      events: rows - rowsBefore,
    });
    expect(rows).toBeGreaterThan(rowsBefore);
  }, 120_000);

  it('takes so much for kept answers', async () => {
    console.log('before', megabytes());
    const says = `return [{ type: 'text', content: context.page.repository + ' is fine '.repeat(10), href: 'https://example.com/' + context.page.repository }];`;
    await ground.write('long.integration.js', integration('long', says, 'cache: 3600, priority: 10'));
    await sleep(3_000);
    const before = await redisBytes();
    await times(PAGES, async (n) => {
      const page = JSON.stringify(githubPage(`acme/webshop-${n}`));
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
      const response = await fetch(`${ground.cluster.url}/context`, { method: 'POST', headers, body: page });
      expect(response.ok).toBe(true);
      await response.arrayBuffer();
    });
    console.log({ 'Redis bytes for a kept answer': Math.round((await redisBytes()) - before) / PAGES });
    console.log('after', megabytes());
  }, 120_000);
});

async function times(count: number, work: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** What a process has for itself, and its share of what it has with others: kB. */
const pssOf = (pid: number): number =>
  Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
