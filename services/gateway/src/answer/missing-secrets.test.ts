import { neverLeaves } from '../testing/answers.ts';
import { askingUnderTest, empty, match, question, theGrant } from '../testing/asking-under-test.ts';

const binding = { hosts: ['x.dev'], methods: ['GET'], pathPrefixes: ['/'], slots: ['header' as const] };

describe('a secret that is missing', () => {
  const needy = { ...theGrant, secrets: { GH_TOKEN: binding } };

  it('stops the run before it begins, and says what to do', async () => {
    const { runner, requests } = askingUnderTest(() => empty, ['GH_TOKEN']);
    await expect(runner.run(await match(needy), question, neverLeaves)).rejects.toMatchObject({
      code: 'secret.not_found',
      message:
        'Integration "owner" needs the secret GH_TOKEN; add it with "npm run secrets -- set GH_TOKEN", or set INTEGRATION_GH_TOKEN.',
    });
    expect(requests).toHaveLength(0);
  });

  it('is named with its place in Vault, where there is one', async () => {
    const { runner, lagging } = askingUnderTest(() => empty, ['GH_TOKEN']);
    lagging.places = ['the field "value" of secret/fingerpost/GH_TOKEN in Vault'];
    await expect(runner.run(await match(needy), question, neverLeaves)).rejects.toThrow(
      'Integration "owner" needs the secret GH_TOKEN; put it into the field "value" of secret/fingerpost/GH_TOKEN in Vault.',
    );
  });

  it('is asked for once, and again when secrets have changed', async () => {
    const missing = ['GH_TOKEN'];
    const { runner, news, checks } = askingUnderTest(() => empty, missing);
    const run = async () => runner.run(await match(needy), question, neverLeaves);
    await expect(run()).rejects.toThrow();
    await expect(run()).rejects.toThrow();
    expect(checks()).toBe(1);
    missing.pop();
    news.hear({ revision: 'next' });
    await expect(run()).resolves.toBeDefined();
  });

  it('is asked for again where a replica answered that has not heard of it yet', async () => {
    const missing = ['GH_TOKEN'];
    const { runner, news, lagging } = askingUnderTest(() => empty, missing);
    const run = async () => runner.run(await match(needy), question, neverLeaves);
    news.hear({ revision: 'with it' });
    lagging.revision = 'without it';
    await expect(run()).rejects.toThrow('needs the secret');
    missing.pop();
    lagging.revision = undefined;
    await expect(run()).resolves.toBeDefined();
  });

  it('is not called missing while its store is away, and nobody is believed to have it then', async () => {
    let isAway = false;
    const { runner, news, requests } = askingUnderTest(
      () => empty,
      [],
      () => isAway,
    );
    const run = async () => runner.run(await match(needy), question, neverLeaves);
    await run();
    isAway = true;
    news.hear({ revision: '', outage: 'Vault is sealed.' });
    await expect(run()).rejects.toMatchObject({ code: 'secret.unavailable' });
    await runner.run(await match(theGrant), question, neverLeaves);
    isAway = false;
    await run();
    news.hear({ revision: '' });
    await run();
    expect(requests).toHaveLength(4);
  });
});
