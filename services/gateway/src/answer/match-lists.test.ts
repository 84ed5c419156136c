import { Fault, type MatchedIntegration, type MatchReply, type MatchRequest } from '@fingerpost/contracts';
import { CatalogueNews } from '../news/news.ts';
import { MatchLists } from './match-lists.ts';
import { type Question, readContext } from './question.ts';

const question = (repository = 'a', groups: string[] = []): Question => ({
  ...readContext({ type: 'github', url: `https://github.com/${repository}` }, ['github']),
  viewer: { subject: 'token:x', groups, roles: [] },
});

/** The registry's signed word is `signed`; it counts once it was asked for. */
function setUp(answer: () => Promise<MatchReply> | MatchReply) {
  const news = new CatalogueNews();
  const signed = { epoch: 1, inForce: (_digest: string) => true, isSilent: false };
  let asked = 0;
  const request = async (_subject: string, message: unknown) => {
    asked++;
    requests.push(message as MatchRequest);
    return (await answer()) as never;
  };
  const requests: MatchRequest[] = [];
  const grants = {
    has: (digest: string) => !signed.isSilent && signed.inForce(digest),
    ask: async () => news.hear(signed.epoch),
    hearOf: async (epoch: number) => (epoch > (news.epoch ?? -1) ? news.hear(signed.epoch) : undefined),
  };
  const lists = new MatchLists({ request }, news, grants);
  return { news, lists, signed, requests, asked: () => asked };
}

const one = (digest: string) => ({ name: digest, digest, grantRevision: 1 }) as MatchedIntegration;

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
    news.hear(2);
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

  it('forgets everything when the epoch changes', async () => {
    const { lists, news } = setUp(() => ({ epoch: 1, integrations: [] }));
    await lists.find(question());
    news.hear(1);
    expect(lists.atHand(question())).toBeDefined();
    news.hear(2);
    expect(lists.atHand(question())).toBeUndefined();
  });

  it('asks for the registry’s signed word when an answer brings a later epoch', async () => {
    let epoch = 1;
    const { lists, signed } = setUp(() => ({ epoch, integrations: [] }));
    await lists.find(question('a'));
    epoch = signed.epoch = 2;
    await lists.find(question('b'));
    expect(lists.atHand(question('a'))).toBeUndefined();
  });

  it('asks again when the catalogue changed meanwhile, and says of which epoch it has heard', async () => {
    const epochs = [1, 2];
    const { lists, news, asked, requests } = setUp(() => ({ epoch: epochs.shift()!, integrations: [] }));
    news.hear(2);
    await lists.find(question());
    expect(asked()).toBe(2);
    expect(requests.map(({ epoch }) => epoch)).toEqual([2, 2]);
  });

  it('never gives out a list of an older epoch', async () => {
    const { lists, news } = setUp(() => ({ epoch: 1, integrations: [] }));
    news.hear(2);
    await expect(lists.find(question())).rejects.toMatchObject({ code: 'bus.timed_out' });
  });

  it('goes on after a forged epoch, however large', async () => {
    const { lists, asked } = setUp(() => ({ epoch: asked() === 1 ? Number.MAX_SAFE_INTEGER : 1, integrations: [] }));
    await lists.find(question('a'));
    await lists.find(question('b'));
    expect(lists.atHand(question('b'))).toEqual([]);
    expect(asked()).toBe(2);
  });

  it('gives out nothing whose grant was taken back, although no notice came', async () => {
    const { lists, signed } = setUp(() => ({ epoch: 1, integrations: [one('a')] }));
    expect(await lists.find(question())).toHaveLength(1);
    signed.inForce = (digest) => digest !== 'a';
    expect(lists.atHand(question())).toBeUndefined();
    await expect(lists.find(question())).rejects.toMatchObject({ code: 'bus.timed_out' });
  });

  it('gives out nothing once the registry’s signed word is too old', async () => {
    const { lists, signed } = setUp(() => ({ epoch: 1, integrations: [one('a')] }));
    await lists.find(question());
    signed.isSilent = true;
    expect(lists.atHand(question())).toBeUndefined();
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
