import { Fault, type MatchedIntegration, type RunReply, type Viewer } from '@fingerpost/contracts';
import { Failures } from '../failures/failures.ts';
import { SecretsNews } from '../news/news.ts';
import { AnswerContext, type Outcome } from './answer-context.ts';
import { readContext } from './question.ts';
import { KeptAnswers } from './results/kept-answers.ts';
import { memoryCache } from './results/memory-cache.ts';
import { noTurns } from './turns/turns.ts';

const viewer = (name: string): Viewer => ({ subject: `token:${name}`, groups: [], roles: ['viewer'] });
const page = (fields: object = {}) => ({ type: 'github', url: 'https://github.com/acme/webshop', ...fields });
const neverLeaves = new AbortController().signal;

const integration = (name: string, more: Partial<MatchedIntegration> = {}): MatchedIntegration => ({
  name,
  digest: name.padEnd(64, '0'),
  priority: 1,
  cacheSeconds: 100,
  scope: 'org',
  groups: [],
  grantRevision: 1,
  grant: '',
  ...more,
});

type Run = (
  context: Record<string, unknown>,
  viewer: Viewer,
  signal: AbortSignal,
  name: string,
) => Partial<RunReply> | Promise<Partial<RunReply>>;

/** The rule with a clock that stands still until it is told otherwise. */
function setUp(matched: MatchedIntegration[], run: Run) {
  const time = { ms: 1_000_000 };
  const runs: string[] = [];
  const lines: { facts: Record<string, unknown>; message: string }[] = [];
  const log = (facts: unknown, message: unknown) =>
    void lines.push({ facts: facts as Record<string, unknown>, message: String(message) });
  const secrets = new SecretsNews();
  const shared = memoryCache({ bytes: 1_000_000 });
  const now = () => time.ms;
  const kept = new KeptAnswers(shared, { entries: 100, bytes: 1_000_000 }, now, () => 0);
  const answers = new AnswerContext({
    matchLists: { atHand: () => undefined, find: async () => matched },
    kept,
    turns: noTurns,
    runner: {
      longestMs: async () => 6_500,
      run: async ({ name }, { context, viewer }, signal) => {
        runs.push(name);
        const reply = await run(context, viewer, signal, name);
        return { insights: [], reads: [], hasRemembered: false, tookMs: 1, ...reply };
      },
    },
    secrets,
    failures: new Failures(memoryCache({ bytes: 1_000_000 })),
    log: { warn: log, debug: log } as never,
    now,
  });
  const ask = async (context: object = page(), who = viewer('anna'), leaving = neverLeaves): Promise<Outcome[]> => {
    const answer = await answers.ask({ ...readContext(context, ['github']), viewer: who }, leaving);
    return Promise.all(answer.outcomes);
  };
  const askOne = async (...args: Parameters<typeof ask>) =>
    (await ask(...args))[0] as Extract<Outcome, { insights: unknown }>;
  return { ask, askOne, answers, runs, lines, time, secrets, shared, matched };
}

const says = (content: unknown) => [{ type: 'text' as const, content: String(content) }];
const reads = (...path: string[]) => [{ how: 'value' as const, path }];

describe('an answer that is kept', () => {
  it('is given again to a context that looks the same to the code', async () => {
    const { askOne, runs } = setUp([integration('owner')], ({ repo }) => ({
      insights: says(repo),
      reads: reads('repo'),
    }));
    expect(await askOne(page({ repo: 'a', tab: 1 }))).toMatchObject({ insights: says('a'), isCached: false });
    expect(await askOne(page({ tab: 2, repo: 'a' }))).toMatchObject({
      insights: says('a'),
      isCached: true,
      isStale: false,
    });
    expect(runs).toHaveLength(1);
  });

  it('is never given to a context that differs in a field that the code read', async () => {
    const { askOne, runs } = setUp([integration('owner')], ({ repo }) => ({
      insights: says(repo),
      reads: reads('repo'),
    }));
    await askOne(page({ repo: 'a' }));
    for (const context of [page({ repo: 'b' }), page({ repo: ['a'] }), page({ repo: null }), page()])
      expect((await askOne(context)).isCached).toBe(false);
    expect(runs).toHaveLength(5);
  });

  it('is found under whichever of the ways the code has looked', async () => {
    const run: Run = ({ kind, a, b }) =>
      kind === 'a'
        ? { insights: says(a), reads: [...reads('kind'), ...reads('a')] }
        : { insights: says(b), reads: [...reads('kind'), ...reads('b')] };
    const { askOne, runs } = setUp([integration('either')], run);
    await askOne(page({ kind: 'a', a: 1, b: 1 }));
    await askOne(page({ kind: 'b', a: 1, b: 1 }));
    expect(await askOne(page({ kind: 'a', a: 1, b: 2 }))).toMatchObject({ isCached: true, insights: says(1) });
    expect(await askOne(page({ kind: 'b', a: 2, b: 1 }))).toMatchObject({ isCached: true, insights: says(1) });
    expect(runs).toHaveLength(2);
  });

  it('counts by the declared fields where there are any', async () => {
    const { askOne } = setUp([integration('owner', { cacheKey: ['page.repo'] })], () => ({
      insights: says(1),
      reads: reads('url'),
    }));
    await askOne(page({ page: { repo: 'a' } }));
    expect((await askOne(page({ url: 'https://github.com/other', page: { repo: 'a' } }))).isCached).toBe(true);
    expect((await askOne(page({ page: { repo: 'b' } }))).isCached).toBe(false);
  });

  it('is not shared by twins with equal match keys', async () => {
    const twins = [integration('twin-a', { cacheKey: ['url'] }), integration('twin-b', { cacheKey: ['url'] })];
    const { ask, runs } = setUp(twins, (_context, _viewer, _signal, name) => ({ insights: says(name) }));
    await ask();
    const again = await ask();
    expect(again).toMatchObject([
      { insights: says('twin-a'), isCached: true },
      { insights: says('twin-b'), isCached: true },
    ]);
    expect(runs).toEqual(['twin-a', 'twin-b']);
  });

  it('is not shared by two viewers where the code is told who looks', async () => {
    const run: Run = (_context, { subject }) => ({ insights: says(subject) });
    const { askOne } = setUp([integration('mine', { scope: 'user' })], run);
    await askOne(page(), viewer('anna'));
    expect(await askOne(page(), viewer('ben'))).toMatchObject({ insights: says('token:ben'), isCached: false });
    expect(await askOne(page(), viewer('anna'))).toMatchObject({ insights: says('token:anna'), isCached: true });
  });

  it.each([
    ['the grant', { grantRevision: 2 }],
    ['the code', { digest: 'f'.repeat(64) }],
    ['the data', { dataDigest: 'd'.repeat(64) }],
  ])('is not given again when %s has changed', async (_what, change) => {
    const { askOne, matched } = setUp([integration('owner')], () => ({ insights: says(1) }));
    await askOne();
    Object.assign(matched[0]!, change);
    expect((await askOne()).isCached).toBe(false);
  });

  it('is not given again when a secret has changed', async () => {
    const { askOne, secrets } = setUp([integration('owner')], () => ({ insights: says(1) }));
    await askOne();
    secrets.hear({ revision: 'another' });
    expect((await askOne()).isCached).toBe(false);
  });

  it('may be empty', async () => {
    const { askOne } = setUp([integration('silent')], () => ({}));
    await askOne();
    expect(await askOne()).toMatchObject({ isCached: true, insights: [] });
  });

  it('is not kept with "cache: 0", nor when the run said 0', async () => {
    const never = setUp([integration('never', { cacheSeconds: 0 })], () => ({}));
    await never.askOne();
    expect((await never.askOne()).isCached).toBe(false);
    const overruled = setUp([integration('once')], () => ({ cacheSeconds: 0 }));
    await overruled.askOne();
    expect((await overruled.askOne()).isCached).toBe(false);
  });

  it('is kept as long as the run said', async () => {
    const { askOne, time } = setUp([integration('owner')], () => ({ cacheSeconds: 1_000 }));
    await askOne();
    time.ms += 900_000;
    expect(await askOne()).toMatchObject({ isCached: true, isStale: false });
  });

  it('is not kept for longer than a month, whatever the run said', async () => {
    const { askOne, time } = setUp([integration('owner')], () => ({ cacheSeconds: Number.MAX_VALUE }));
    await askOne();
    time.ms += 61 * 86_400_000;
    expect(await askOne()).toMatchObject({ isCached: false });
  });

  it('of code that remembered is kept only under declared fields', async () => {
    const learned = setUp([integration('counter')], () => ({ hasRemembered: true }));
    await learned.askOne();
    expect((await learned.askOne()).isCached).toBe(false);
    const declared = setUp([integration('counter', { cacheKey: ['url'] })], () => ({ hasRemembered: true }));
    await declared.askOne();
    expect((await declared.askOne()).isCached).toBe(true);
  });

  it('is found in the shared cache by a gateway that has not run it', async () => {
    const first = setUp([integration('owner')], ({ repo }) => ({ insights: says(repo), reads: reads('repo') }));
    await first.askOne(page({ repo: 'a' }));
    const time = first.time;
    const kept = new KeptAnswers(first.shared, { entries: 10, bytes: 100_000 }, () => time.ms);
    const question = { ...readContext(page({ repo: 'a', tab: 9 }), ['github']), viewer: viewer('ben') };
    const base = JSON.stringify([first.matched[0]!.digest, 1, '', null, 'org']);
    expect(await kept.find(base, first.matched[0]!, question)).toMatchObject({ insights: says('a') });
  });
});

describe('an answer that has grown old', () => {
  const aged = async (partOfLifetime: number, second: Run) => {
    let isFirst = true;
    const company = setUp([integration('owner')], (...args) => {
      if (!isFirst) return second(...args);
      isFirst = false;
      return { insights: says('old') };
    });
    await company.askOne();
    company.time.ms += partOfLifetime * 100_000;
    return company;
  };

  it('is served at once, marked, while one new run goes on', async () => {
    const { askOne, runs } = await aged(1.05, () => ({ insights: says('new') }));
    expect(await askOne()).toMatchObject({ insights: says('old'), isCached: true, isStale: true });
    await new Promise(setImmediate);
    expect(await askOne()).toMatchObject({ insights: says('new'), isStale: false });
    expect(runs).toHaveLength(2);
  });

  it('has one run renew it, however many ask', async () => {
    let finish = (_: Partial<RunReply>) => {};
    const { ask, runs } = await aged(1.05, () => new Promise((resolve) => (finish = resolve)));
    await Promise.all(Array.from({ length: 10 }, () => ask()));
    await new Promise(setImmediate);
    expect(runs).toHaveLength(2);
    finish({});
  });

  it('makes way for a new one when it is more than a tenth too old', async () => {
    const { askOne } = await aged(1.5, () => ({ insights: says('new') }));
    expect(await askOne()).toMatchObject({ insights: says('new'), isCached: false, isStale: false });
  });

  it('is shown, marked, when no new one can be had', async () => {
    const { askOne } = await aged(1.9, () => Promise.reject(new Fault('outbound.failed', 'upstream is down')));
    expect(await askOne()).toMatchObject({ insights: says('old'), isStale: true });
  });

  it('is not shown when the code may not run any more', async () => {
    const { ask } = await aged(1.9, () => Promise.reject(new Fault('grant.revoked', 'taken back')));
    expect((await ask())[0]).toHaveProperty('failure');
  });

  it('is gone after twice its lifetime', async () => {
    const { ask } = await aged(2.1, () => Promise.reject(new Fault('outbound.failed', 'upstream is down')));
    expect((await ask())[0]).toHaveProperty('failure');
  });
});

describe('a failure', () => {
  it('shows a reason and an id; its text stays in the log under that id', async () => {
    const { ask, lines } = setUp([integration('broken')], () =>
      Promise.reject(new Fault('run.failed', 'password=hunter2')),
    );
    const [outcome] = (await ask()) as [Extract<Outcome, { failure: unknown }>];
    expect(outcome).toEqual({
      integration: 'broken',
      failure: { id: expect.stringMatching(/^[0-9a-f]{8}$/), reason: 'failed' },
    });
    const line = lines.find(({ facts }) => facts.id === outcome.failure.id)!;
    expect(line.facts).toMatchObject({ integration: 'broken', code: 'run.failed' });
    expect(line.message).toContain('hunter2');
  });

  it.each([
    [new Fault('run.timed_out', 'x', { detail: { wallMs: 5_000 } }), 'took longer than 5 s'],
    [new Fault('run.timed_out', 'x', { detail: { wallMs: 2_500 } }), 'took longer than 2.5 s'],
    [new Fault('run.out_of_memory', 'x'), 'used too much memory'],
    [new Fault('secret.not_found', 'x', { detail: { names: ['GH_TOKEN'] } }), 'needs the secret GH_TOKEN'],
    [new Error('postgres://root:pw@db'), 'could not be run'],
  ])('of %s is told in words for everybody', async (error, reason) => {
    const { ask } = setUp([integration('broken')], () => Promise.reject(error));
    expect((await ask())[0]).toMatchObject({ failure: { reason } });
  });

  it('costs the others nothing', async () => {
    const { ask } = setUp(
      [integration('good'), integration('bad'), integration('fine')],
      (_context, _viewer, _signal, name) => {
        if (name === 'bad') throw new Fault('run.failed', 'no');
        return { insights: says(name) };
      },
    );
    expect(await ask()).toMatchObject([
      { insights: says('good') },
      { failure: { reason: 'failed' } },
      { insights: says('fine') },
    ]);
  });

  it('is not kept', async () => {
    let isDown = true;
    const { ask } = setUp([integration('flaky')], async () => {
      if (isDown) throw new Fault('outbound.failed', 'down');
      return { insights: says('up') };
    });
    expect((await ask())[0]).toHaveProperty('failure');
    isDown = false;
    expect((await ask())[0]).toMatchObject({ insights: says('up') });
  });
});

describe('many askers', () => {
  it('share one run when they come together', async () => {
    let finish = (_: Partial<RunReply>) => {};
    const { ask, runs } = setUp([integration('slow')], () => new Promise((resolve) => (finish = resolve)));
    const all = Promise.all(Array.from({ length: 20 }, () => ask()));
    await new Promise(setImmediate);
    finish({ insights: says('once') });
    expect((await all).flat().map((outcome) => (outcome as { insights: unknown }).insights)).toEqual(
      Array(20).fill(says('once')),
    );
    expect(runs).toHaveLength(1);
  });

  it('do not share a run when their contexts differ in anything', async () => {
    const { ask, runs } = setUp([integration('slow')], async () => ({}));
    await Promise.all([ask(page({ a: 1 })), ask(page({ a: 2 }))]);
    expect(runs).toHaveLength(2);
  });

  it('keep a run going that one of them has left; the last one ends it', async () => {
    let ended = false;
    const { ask } = setUp(
      [integration('slow')],
      (_context, _viewer, signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            ended = true;
            reject(signal.reason);
          });
        }),
    );
    const [first, second] = [new AbortController(), new AbortController()];
    void ask(page(), viewer('anna'), first.signal);
    void ask(page(), viewer('ben'), second.signal);
    await new Promise(setImmediate);
    first.abort();
    expect(ended).toBe(false);
    second.abort();
    expect(ended).toBe(true);
  });
});
