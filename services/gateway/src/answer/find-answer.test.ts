import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, type MatchedIntegration, type RunReply } from '@fingerpost/contracts';
import { matchedAs, neverLeaves, questionOf, says } from '../testing/answers.ts';
import { FindAnswer, type Wanted } from './find-answer.ts';
import { KeptAnswers } from './results/kept-answers.ts';
import { memoryCache } from './results/memory-cache.ts';
import type { Turns } from './turns/turns.ts';

const wantedOf = (integration: Partial<MatchedIntegration> = {}, page = 'acme/webshop'): Wanted => ({
  base: 'base',
  integration: matchedAs('owner', integration),
  question: questionOf({ type: 'github', url: `https://github.com/${page}` }),
});

/** Turns as a server has them, without one. */
function sharedTurns() {
  const holders = new Map<string, string>();
  let taken = 0;
  const turns: Turns = {
    take: async (key) => {
      const holder = holders.get(key);
      if (holder !== undefined) return { isOurs: false, holder, done: () => {} };
      const mine = `turn ${++taken}`;
      holders.set(key, mine);
      return { isOurs: true, done: () => holders.get(key) === mine && holders.delete(key) };
    },
  };
  return { turns, holders, taken: () => taken };
}

type Run = (signal: AbortSignal) => Promise<Partial<RunReply>>;

/** Gateways that share a cache and turns, and what each does when it is to run. */
function setUp(...runs: Run[]) {
  const shared = memoryCache({ bytes: 1_000_000 });
  const server = sharedTurns();
  const ran: number[] = [];
  const hidden: unknown[] = [];
  const world = { longestMs: 6_500, stands: true, now: 1_000_000 };
  const gateways = runs.map(
    (run, at) =>
      new FindAnswer({
        kept: new KeptAnswers(
          shared,
          { entries: 10, bytes: 1_000_000 },
          () => world.now,
          () => 0,
        ),
        turns: server.turns,
        runner: {
          longestMs: async () => world.longestMs,
          run: async (_integration, _question, signal) => {
            ran.push(at);
            return {
              insights: says(`run by ${at}`),
              reads: [],
              hasRemembered: false,
              tookMs: 1,
              ...(await run(signal)),
            };
          },
        },
        now: () => world.now,
        stands: async () => world.stands,
        onRun: () => {},
        onHiddenFailure: (_wanted, error) => hidden.push(error),
      }),
  );
  const find = (at: number, wanted = wantedOf(), leaving = neverLeaves) => gateways[at]!.find(wanted, leaving);
  return { find, ran, hidden, world, server, shared };
}

const takes =
  (ms: number): Run =>
  async () =>
    sleep(ms, {});
const fails: Run = async () => {
  throw new Fault('run.failed', 'no');
};

describe('one answer that two gateways want', () => {
  it('is run by one; the other waits for it', async () => {
    const { find, ran } = setUp(takes(60), takes(60));
    const found = await Promise.all([find(0), find(1), find(1), find(0)]);
    expect(ran).toEqual([0]);
    expect(found.map(({ from }) => from)).toEqual(['run', 'shared', 'shared', 'run']);
    for (const { insights } of found) expect(insights).toEqual(says('run by 0'));
  });

  it('is waited for little longer than its run takes', async () => {
    const { find } = setUp(takes(500), takes(500));
    const startedAt = performance.now();
    await Promise.all([find(0), find(1)]);
    expect(performance.now() - startedAt).toBeLessThan(900);
  });

  it('gives the turn back when all is done, whatever became of it', async () => {
    const { find, server } = setUp(takes(1), fails);
    await find(0);
    await find(0);
    await expect(find(1, wantedOf({}, 'other/page'))).resolves.toMatchObject({ from: 'shared' });
    await expect(find(1, wantedOf({ cacheKey: ['url'] }, 'third/page'))).rejects.toMatchObject({ code: 'run.failed' });
    await new Promise(setImmediate);
    expect(server.holders.size).toBe(0);
  });

  it('is run by the other when the first one fails', async () => {
    const { find, ran } = setUp(async () => sleep(40, undefined).then(() => fails(neverLeaves)), takes(1));
    const [first, second] = await Promise.allSettled([find(0), find(1)]);
    expect(first).toMatchObject({ status: 'rejected' });
    expect(second).toMatchObject({ value: { from: 'run', insights: says('run by 1') } });
    expect(ran).toEqual([0, 1]);
  });

  it('is run by the other when the first one vanishes', async () => {
    const { find, server } = setUp(() => new Promise(() => {}), takes(1));
    void find(0).catch(() => {});
    await new Promise(setImmediate);
    const second = find(1);
    await sleep(30);
    server.holders.clear(); // as leases end
    expect(await second).toMatchObject({ insights: says('run by 1') });
  });

  it('is run by the other when waiting has taken as long as a run may', async () => {
    const { find, world, server } = setUp(takes(1));
    world.longestMs = 100;
    const key = `base ${wantedOf().question.contextId}`;
    server.holders.set(key, 'a forger, for ever');
    const startedAt = performance.now();
    expect(await find(0)).toMatchObject({ from: 'run' });
    expect(performance.now() - startedAt).toBeLessThan(250);
    expect(server.holders.get(key)).toBe('a forger, for ever');
  });

  it('is not waited for again, nor any other, when somebody had us wait in vain', async () => {
    const { find, ran, server, world } = setUp(takes(1));
    world.longestMs = 300;
    server.turns.take = async () => ({ isOurs: false, holder: 'an old turn, put back', done: () => {} });
    await find(0);
    const startedAt = performance.now();
    for (let page = 0; page < 5; page++) await find(0, { ...wantedOf(), base: `base ${page}` });
    expect(performance.now() - startedAt).toBeLessThan(5 * 300);
    expect(ran).toHaveLength(6);
  });

  it('is waited for in vain once at most where answers are for their askers alone', async () => {
    const { find, ran, server } = setUp(
      async () => sleep(300, { cacheSeconds: 0 }),
      async () => sleep(300, { cacheSeconds: 0 }),
    );
    await Promise.all([find(0), find(1)]);
    expect(ran).toEqual([0, 1]);
    const before = server.taken();
    const startedAt = performance.now();
    await Promise.all([find(0), find(1)]);
    expect(performance.now() - startedAt).toBeLessThan(2 * 300);
    expect(server.taken()).toBe(before);
  });

  it('is never waited for with "cache: 0"', async () => {
    const { find, server } = setUp(takes(1), takes(1));
    await Promise.all([find(0, wantedOf({ cacheSeconds: 0 })), find(1, wantedOf({ cacheSeconds: 0 }))]);
    expect(server.taken()).toBe(0);
  });

  it('is renewed by one gateway when it has grown stale', async () => {
    const { find, ran, world } = setUp(takes(30), takes(30));
    await find(0);
    world.now += 105_000;
    const found = await Promise.all([find(0), find(1), find(0), find(1)]);
    expect(found.map(({ from }) => from)).toEqual(Array(4).fill('stale'));
    await sleep(60);
    expect(ran).toHaveLength(2);
    expect(await find(1)).toMatchObject({ from: 'shared' });
  });

  it('goes on when the asker at the other gateway leaves', async () => {
    const { find, ran } = setUp(takes(60), takes(1));
    const leaving = new AbortController();
    const [first, second] = [find(0), find(1, wantedOf(), leaving.signal)];
    await sleep(20);
    leaving.abort();
    await expect(second).rejects.toThrow();
    expect(await first).toMatchObject({ from: 'run' });
    expect(ran).toEqual([0]);
  });
});

describe('what was revoked or changed meanwhile', () => {
  it('is not taken from another gateway after waiting for it', async () => {
    const { find, world } = setUp(takes(60), async () => {
      throw new Fault('grant.revoked', 'taken back');
    });
    const [first, second] = [find(0), find(1)];
    await sleep(20);
    world.stands = false;
    await expect(second).rejects.toMatchObject({ code: 'grant.revoked' });
    await first;
  });

  it('is not shown as the last resort', async () => {
    let isDown = false;
    const { find, world, hidden } = setUp(async () => (isDown ? fails(neverLeaves) : {}));
    await find(0);
    isDown = true;
    world.now += 190_000;
    expect(await find(0)).toMatchObject({ from: 'stale' });
    expect(hidden).toHaveLength(1);
    world.stands = false;
    await expect(find(0)).rejects.toMatchObject({ code: 'run.failed' });
  });
});
