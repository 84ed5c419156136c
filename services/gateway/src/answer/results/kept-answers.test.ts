import type { RunReply } from '@fingerpost/contracts';
import { matchedAs, page, questionOf, says } from '../../testing/answers.ts';
import { freshnessOf } from './freshness.ts';
import { KeptAnswers } from './kept-answers.ts';
import type { ResultCache } from './result-cache.ts';

const OWNER = matchedAs('owner');
const question = (name: string) => questionOf(page({ page: name }));
const saying = (content: string, ...path: string[]): RunReply => ({
  insights: says(content),
  reads: [{ how: 'value', path }],
  hasRemembered: false,
  tookMs: 1,
});

/** Gateways before one cache that can be reached from behind; `trips` counts how often it was waited for. */
function setUp({ random = () => 0 as number } = {}) {
  const entries = new Map<string, string>();
  const world = { now: 1_000_000, trips: 0 };
  let trip: Promise<void> | undefined;
  const oneTrip = () => {
    trip ??= Promise.resolve().then(() => {
      trip = undefined;
      world.trips++;
    });
    return trip;
  };
  const shared: ResultCache = {
    read: (key) => oneTrip().then(() => entries.get(key)),
    write: async (key, text) => void entries.set(key, text),
  };
  const gateway = (clockAheadMs = 0) =>
    new KeptAnswers(shared, { entries: 100, bytes: 1_000_000 }, () => world.now + clockAheadMs, random);
  const freshness = async (of: KeptAnswers) => {
    const kept = await of.find('base', OWNER, question('a'));
    return kept && freshnessOf(kept, world.now);
  };
  return { entries, world, gateway, freshness };
}

describe('answers that gateways share', () => {
  it('are found in one way there and back where the read sets are known, else in two', async () => {
    const { gateway, world } = setUp();
    const [one, other] = [gateway(), gateway()];
    one.keep('base', OWNER, question('a'), saying('by page', 'page'));
    one.keep('base', OWNER, question('a'), saying('by url', 'url'));
    expect(await other.find('base', OWNER, question('a'))).toBeDefined();
    expect(world.trips).toBe(2);
    expect(await other.find('base', OWNER, question('b'))).toMatchObject({ insights: [{ content: 'by url' }] });
    expect(world.trips).toBe(3);
  });

  it('do not end all at once, and none lives longer than allowed', () => {
    let n = 0;
    const { gateway, entries } = setUp({ random: () => n++ / 10 });
    for (const page of 'abcdefghij') gateway().keep('base', OWNER, question(page), saying(page, 'page'));
    const answers = [...entries.entries()].filter(([key]) => key.startsWith('seen'));
    const lifetimes = answers.map(([, text]) => JSON.parse(text).lifetimeMs);
    expect(new Set(lifetimes).size).toBe(10);
    expect(Math.max(...lifetimes)).toBe(100_000);
    expect(Math.min(...lifetimes)).toBeGreaterThan(90_000);
  });

  it('are no younger for being put back', async () => {
    const { gateway, entries, world, freshness } = setUp();
    const one = gateway();
    one.keep('base', OWNER, question('a'), saying('old', 'page'));
    const old = new Map(entries);
    world.now += 50_000;
    one.keep('base', OWNER, question('a'), saying('new', 'page'));
    for (const [key, text] of old) entries.set(key, text);
    // Its author allowed it to be shown until then; whoever had the new one in memory keeps it.
    expect(await gateway().find('base', OWNER, question('a'))).toMatchObject({ insights: [{ content: 'old' }] });
    expect(await one.find('base', OWNER, question('a'))).toMatchObject({ insights: [{ content: 'new' }] });
    world.now += 60_000;
    expect(await freshness(gateway())).toBe('stale');
    world.now += 100_000;
    expect(await freshness(gateway())).toBe('gone');
  });

  it('of a gateway whose clock is ahead count from when they are seen', async () => {
    const { gateway, world, freshness } = setUp();
    gateway(120_000).keep('base', OWNER, question('a'), saying('x', 'page'));
    const other = gateway();
    expect(await freshness(other)).toBe('fresh');
    world.now += 101_000;
    expect(freshnessOf(other.atHand('base', OWNER, question('a'))!, world.now)).toBe('stale');
  });

  it.each([
    '',
    'null',
    '7',
    '[]',
    '{}',
    '{"insights":[{"type":"link","content":"x","href":"javascript:x"}],"storedAt":1,"lifetimeMs":1}',
    '{"insights":[],"storedAt":"1","lifetimeMs":1}',
    '{"insights":[],"storedAt":1}',
    '[[{"how":"value"}]]',
    '[[{"how":"constructor","path":["a"]}]]',
    '[[{"how":"value","path":[{}]}]]',
  ])('count as not there when another release wrote them otherwise: %s', async (text) => {
    const { gateway, entries } = setUp();
    gateway().keep('base', OWNER, question('a'), saying('x', 'page'));
    const declared = { ...OWNER, cacheKey: ['page'] };
    gateway().keep('base', declared, question('a'), saying('x', 'page'));
    for (const key of entries.keys()) entries.set(key, text);
    expect(await gateway().find('base', OWNER, question('a'))).toBeUndefined();
    expect(await gateway().find('base', declared, question('a'))).toBeUndefined();
  });
});
