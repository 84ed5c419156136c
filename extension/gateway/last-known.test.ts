import type { AnswerEvent } from '@fingerpost/bar';
import type { Profile } from '../profiles/profiles.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { LastKnown } from './last-known.ts';

const profile: Profile = { id: 'one', name: 'One', gateway: 'https://one.dev', isManaged: false };
const page = (repository: string) => ({ type: 'github', url: `https://github.com/${repository}` });
const saying = (content: string): AnswerEvent[] => [
  { name: 'expected', data: { integrations: ['it'] } },
  {
    name: 'insight',
    data: { integration: 'it', index: 0, insight: { type: 'text', content }, isCached: true, isStale: false },
  },
];

describe('what was known last', () => {
  it('comes back as old', async () => {
    const known = new LastKnown(memoryStore());
    await known.keep(profile, page('a/b'), saying('hello'));
    const [expected, insight] = await known.recall(profile, page('a/b'));
    expect(expected).toEqual(saying('hello')[0]);
    expect(insight).toMatchObject({ data: { insight: { content: 'hello' }, isStale: true } });
  });

  it('is that page’s and that gateway’s alone', async () => {
    const known = new LastKnown(memoryStore());
    await known.keep(profile, page('a/b'), saying('hello'));
    expect(await known.recall(profile, page('a/c'))).toEqual([]);
    expect(await known.recall({ ...profile, gateway: 'https://two.dev' }, page('a/b'))).toEqual([]);
    expect(await known.recall({ ...profile, id: 'two' }, page('a/b'))).toEqual([]);
  });

  it('does not grow for ever, and is forgotten without a trace', async () => {
    const store = memoryStore();
    const known = new LastKnown(store);
    for (let at = 0; at < 60; at++) await known.keep(profile, page(`a/${at}`), saying(String(at)));
    expect(Object.keys(store.all())).toHaveLength(41);
    expect(await known.recall(profile, page('a/0'))).toEqual([]);
    expect(await known.recall(profile, page('a/59'))).toHaveLength(2);
    await known.forget();
    expect(store.all()).toEqual({});
  });
});
