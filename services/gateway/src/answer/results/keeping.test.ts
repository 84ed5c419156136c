import { matchedAs, page, questionOf, says, viewer } from '../../testing/answers.ts';
import { answersUnderTest, type Run } from '../../testing/answers-under-test.ts';
import { KeptAnswers } from './kept-answers.ts';

const reads = (...path: string[]) => [{ how: 'value' as const, path }];

describe('an answer that is kept', () => {
  it('is given again to a context that looks the same to the code', async () => {
    const { askOne, runs } = answersUnderTest([matchedAs('owner')], ({ repo }) => ({
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
    const { askOne, runs } = answersUnderTest([matchedAs('owner')], ({ repo }) => ({
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
    const { askOne, runs } = answersUnderTest([matchedAs('either')], run);
    await askOne(page({ kind: 'a', a: 1, b: 1 }));
    await askOne(page({ kind: 'b', a: 1, b: 1 }));
    expect(await askOne(page({ kind: 'a', a: 1, b: 2 }))).toMatchObject({ isCached: true, insights: says(1) });
    expect(await askOne(page({ kind: 'b', a: 2, b: 1 }))).toMatchObject({ isCached: true, insights: says(1) });
    expect(runs).toHaveLength(2);
  });

  it('counts by the declared fields where there are any', async () => {
    const { askOne } = answersUnderTest([matchedAs('owner', { cacheKey: ['page.repo'] })], () => ({
      insights: says(1),
      reads: reads('url'),
    }));
    await askOne(page({ page: { repo: 'a' } }));
    expect((await askOne(page({ url: 'https://github.com/other', page: { repo: 'a' } }))).isCached).toBe(true);
    expect((await askOne(page({ page: { repo: 'b' } }))).isCached).toBe(false);
  });

  it('is not shared by twins with equal match keys', async () => {
    const twins = [matchedAs('twin-a', { cacheKey: ['url'] }), matchedAs('twin-b', { cacheKey: ['url'] })];
    const { ask, runs } = answersUnderTest(twins, (_context, _viewer, _signal, name) => ({ insights: says(name) }));
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
    const { askOne } = answersUnderTest([matchedAs('mine', { scope: 'user' })], run);
    await askOne(page(), viewer('anna'));
    expect(await askOne(page(), viewer('ben'))).toMatchObject({ insights: says('token:ben'), isCached: false });
    expect(await askOne(page(), viewer('anna'))).toMatchObject({ insights: says('token:anna'), isCached: true });
  });

  it.each([
    ['the grant', { grantRevision: 2 }],
    ['the code', { digest: 'f'.repeat(64) }],
    ['the data', { dataDigest: 'd'.repeat(64) }],
  ])('is not given again when %s has changed', async (_what, change) => {
    const { askOne, matched } = answersUnderTest([matchedAs('owner')], () => ({ insights: says(1) }));
    await askOne();
    Object.assign(matched[0]!, change);
    expect((await askOne()).isCached).toBe(false);
  });

  it('is not given again when a secret has changed', async () => {
    const { askOne, secrets } = answersUnderTest([matchedAs('owner')], () => ({ insights: says(1) }));
    await askOne();
    secrets.hear({ revision: 'another' });
    expect((await askOne()).isCached).toBe(false);
  });

  it('may be empty', async () => {
    const { askOne } = answersUnderTest([matchedAs('silent')], () => ({}));
    await askOne();
    expect(await askOne()).toMatchObject({ isCached: true, insights: [] });
  });

  it('is not kept with "cache: 0", nor when the run said 0', async () => {
    const never = answersUnderTest([matchedAs('never', { cacheSeconds: 0 })], () => ({}));
    await never.askOne();
    expect((await never.askOne()).isCached).toBe(false);
    const overruled = answersUnderTest([matchedAs('once')], () => ({ cacheSeconds: 0 }));
    await overruled.askOne();
    expect((await overruled.askOne()).isCached).toBe(false);
  });

  it('is kept as long as the run said', async () => {
    const { askOne, time } = answersUnderTest([matchedAs('owner')], () => ({ cacheSeconds: 1_000 }));
    await askOne();
    time.ms += 900_000;
    expect(await askOne()).toMatchObject({ isCached: true, isStale: false });
  });

  it('is not kept for longer than a month, whatever the run said', async () => {
    const { askOne, time } = answersUnderTest([matchedAs('owner')], () => ({ cacheSeconds: Number.MAX_VALUE }));
    await askOne();
    time.ms += 61 * 86_400_000;
    expect(await askOne()).toMatchObject({ isCached: false });
  });

  it('of code that remembered is kept only under declared fields', async () => {
    const learned = answersUnderTest([matchedAs('counter')], () => ({ hasRemembered: true }));
    await learned.askOne();
    expect((await learned.askOne()).isCached).toBe(false);
    const declared = answersUnderTest([matchedAs('counter', { cacheKey: ['url'] })], () => ({ hasRemembered: true }));
    await declared.askOne();
    expect((await declared.askOne()).isCached).toBe(true);
  });

  it('is found in the shared cache by a gateway that has not run it', async () => {
    const first = answersUnderTest([matchedAs('owner')], ({ repo }) => ({
      insights: says(repo),
      reads: reads('repo'),
    }));
    await first.askOne(page({ repo: 'a' }));
    const time = first.time;
    const kept = new KeptAnswers(first.shared, { entries: 10, bytes: 100_000 }, () => time.ms);
    const question = questionOf(page({ repo: 'a', tab: 9 }), viewer('ben'));
    const base = JSON.stringify([first.matched[0]!.digest, 1, '', null, 'org']);
    expect(await kept.find(base, first.matched[0]!, question)).toMatchObject({ insights: says('a') });
  });
});
