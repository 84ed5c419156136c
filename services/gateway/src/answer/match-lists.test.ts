import { Fault, type MatchReply } from '@fingerpost/contracts';
import { CatalogueNews } from '../news/news.ts';
import { MatchLists } from './match-lists.ts';
import { type Question, readContext } from './question.ts';

const question = (repository = 'a', groups: string[] = []): Question => ({
  ...readContext({ type: 'github', url: `https://github.com/${repository}` }, ['github']),
  viewer: { subject: 'token:x', groups, roles: [] },
});

function setUp(answer: () => Promise<MatchReply> | MatchReply) {
  const news = new CatalogueNews();
  let asked = 0;
  const request = async () => {
    asked++;
    return (await answer()) as never;
  };
  const lists = new MatchLists({ request }, news);
  return { news, lists, asked: () => asked };
}

describe('MatchLists', () => {
  it('asks once for one context and epoch', async () => {
    const { lists, asked } = setUp(() => ({ epoch: 1, integrations: [] }));
    await Promise.all([lists.find(question()), lists.find(question())]);
    expect(lists.atHand(question())).toEqual([]);
    expect(asked()).toBe(1);
  });

  it('asks once for all contexts that no rule tells apart', async () => {
    const reads = [
      { how: 'value' as const, path: ['type'] },
      { how: 'value' as const, path: ['page', 'repository'] },
      { how: 'has' as const, path: ['page', 'pull'] },
    ];
    const { lists, news, asked } = setUp(() => ({ epoch: 1, integrations: [], reads }));
    const page = (url: string, page: object, groups: string[] = []): Question => ({
      ...readContext({ type: 'github', url: `https://github.com/${url}`, page }, ['github']),
      viewer: { subject: 'token:x', groups, roles: [] },
    });
    await lists.find(page('a/1', { repository: 'a', pull: 1 }));
    await lists.find(page('a/2', { repository: 'a', pull: 2 }));
    expect(asked()).toBe(1);
    expect(lists.atHand(page('a/3', { repository: 'a', pull: null }))).toEqual([]);
    expect(lists.atHand(page('a', { repository: 'a' }))).toBeUndefined();
    expect(lists.atHand(page('b/1', { repository: 'b', pull: 1 }))).toBeUndefined();
    expect(lists.atHand(page('a/1', { repository: 'a', pull: 1 }, ['ops']))).toBeUndefined();
    news.hear({ epoch: 2, instance: 'one' });
    expect(lists.atHand(page('a/2', { repository: 'a', pull: 2 }))).toBeUndefined();
  });

  it('does not mix contexts, nor viewers of different groups', async () => {
    const { lists } = setUp(() => ({ epoch: 1, integrations: [] }));
    await lists.find(question('a', ['ops']));
    expect(lists.atHand(question('b', ['ops']))).toBeUndefined();
    expect(lists.atHand(question('a'))).toBeUndefined();
    expect(lists.atHand(question('a', ['dev']))).toBeUndefined();
    expect(lists.atHand(question('a', ['ops']))).toEqual([]);
  });

  it('forgets everything when the epoch changes, or the registry has started anew', async () => {
    const { lists, news } = setUp(() => ({ epoch: 1, integrations: [] }));
    news.hear({ epoch: 1, instance: 'one' });
    await lists.find(question());
    news.hear({ epoch: 1, instance: 'one' });
    expect(lists.atHand(question())).toBeDefined();
    news.hear({ epoch: 1, instance: 'two' });
    expect(lists.atHand(question())).toBeUndefined();
    await lists.find(question());
    news.hear({ epoch: 2, instance: 'two' });
    expect(lists.atHand(question())).toBeUndefined();
  });

  it('takes the news from an answer that brings it first', async () => {
    let epoch = 1;
    const { lists } = setUp(() => ({ epoch, integrations: [] }));
    await lists.find(question('a'));
    epoch = 2;
    await lists.find(question('b'));
    expect(lists.atHand(question('a'))).toBeUndefined();
  });

  it('asks again when the catalogue changed meanwhile', async () => {
    const epochs = [1, 2];
    const { lists, news, asked } = setUp(() => ({ epoch: epochs.shift()!, integrations: [] }));
    news.hear({ epoch: 2, instance: 'one' });
    await lists.find(question());
    expect(asked()).toBe(2);
  });

  it('never gives out a list of an older epoch', async () => {
    const { lists, news } = setUp(() => ({ epoch: 1, integrations: [] }));
    news.hear({ epoch: 2, instance: 'one' });
    await expect(lists.find(question())).rejects.toMatchObject({ code: 'bus.timed_out' });
  });

  it('goes on with what it knows while the registry is silent, and says so for what it does not know', async () => {
    let isThere = true;
    const { lists } = setUp(() => {
      if (!isThere) throw new Fault('bus.nobody_answers', 'nobody');
      return { epoch: 1, integrations: [] };
    });
    await lists.find(question('known'));
    isThere = false;
    expect(await lists.find(question('known'))).toEqual([]);
    await expect(lists.find(question('new'))).rejects.toMatchObject({ code: 'bus.nobody_answers' });
  });
});
