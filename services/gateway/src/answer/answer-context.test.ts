import { Fault, type RunReply } from '@fingerpost/contracts';
import { matchedAs, page, says, viewer } from '../testing/answers.ts';
import { answersUnderTest, type Run } from '../testing/answers-under-test.ts';
import type { Outcome } from './answer-context.ts';

describe('an answer that has grown old', () => {
  const aged = async (partOfLifetime: number, second: Run) => {
    let isFirst = true;
    const company = answersUnderTest([matchedAs('owner')], (...args) => {
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
    const { ask, lines } = answersUnderTest([matchedAs('broken')], () =>
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
    const { ask } = answersUnderTest([matchedAs('broken')], () => Promise.reject(error));
    expect((await ask())[0]).toMatchObject({ failure: { reason } });
  });

  it('costs the others nothing', async () => {
    const { ask } = answersUnderTest(
      [matchedAs('good'), matchedAs('bad'), matchedAs('fine')],
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
    const { ask } = answersUnderTest([matchedAs('flaky')], async () => {
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
    const { ask, runs } = answersUnderTest([matchedAs('slow')], () => new Promise((resolve) => (finish = resolve)));
    const all = Promise.all(Array.from({ length: 20 }, () => ask()));
    await new Promise(setImmediate);
    finish({ insights: says('once') });
    expect((await all).flat().map((outcome) => (outcome as { insights: unknown }).insights)).toEqual(
      Array(20).fill(says('once')),
    );
    expect(runs).toHaveLength(1);
  });

  it('do not share a run when their contexts differ in anything', async () => {
    const { ask, runs } = answersUnderTest([matchedAs('slow')], async () => ({}));
    await Promise.all([ask(page({ a: 1 })), ask(page({ a: 2 }))]);
    expect(runs).toHaveLength(2);
  });

  it('keep a run going that one of them has left; the last one ends it', async () => {
    let ended = false;
    const { ask } = answersUnderTest(
      [matchedAs('slow')],
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
