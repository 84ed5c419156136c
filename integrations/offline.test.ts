import { answer, contents, repository, resource, type Stage } from './testing/stage.ts';

describe('fingerpost-health', () => {
  const file = 'fingerpost-health.integration.js';
  const ask = (network?: Stage['network']) => answer(file, repository('any/body'), { network });

  it('says that it is up', async () => {
    const { insights, calls } = await ask(() => ({ json: { status: 'ok', checks: {} } }));
    expect(insights).toEqual([expect.objectContaining({ content: 'Fingerpost is up', status: 'success' })]);
    expect(calls.map(({ url }) => url.href)).toEqual(['http://127.0.0.1:3000/health/ready']);
  });

  it('says what ails it', async () => {
    const { insights } = await ask(() => ({
      status: 503,
      json: { status: 'unavailable', checks: { registry: 'nobody answers', life: 'ok' } },
    }));
    expect(insights).toEqual([expect.objectContaining({ status: 'important', tooltip: 'registry: nobody answers' })]);
  });

  it('says nothing when it listens elsewhere', async () => {
    expect((await ask()).insights).toEqual([]);
  });
});

describe('examples about acme/webshop', () => {
  it('name the owner and the channel', async () => {
    expect(contents(await answer('service-owner.integration.js', repository('acme/webshop')))).toEqual([
      'Storefront',
      '#team-storefront',
    ]);
  });

  it('name the tier and what it promises', async () => {
    const { insights } = await answer('service-tier.integration.js', repository('acme/webshop'));
    expect(insights).toEqual([
      expect.objectContaining({
        content: 'Tier 1',
        status: 'important',
        tooltip: expect.stringContaining('15 minutes'),
      }),
    ]);
  });

  it('list where it is deployed, production marked', async () => {
    const { insights } = await answer('deployed-urls.integration.js', repository('acme/webshop'));
    expect(insights[0]!.items!.map(({ content, status }) => [content, status])).toEqual([
      ['production', 'important'],
      ['production (US)', 'important'],
      ['staging', 'none'],
    ]);
  });

  it('link one document by itself and several as a dropdown', async () => {
    expect((await answer('runbooks.integration.js', repository('acme/webshop'))).insights[0]!.items).toHaveLength(3);
    expect((await answer('runbooks.integration.js', repository('acme/payments'))).insights).toEqual([
      expect.objectContaining({ type: 'link' }),
    ]);
  });
});

describe('next-deployment', () => {
  const at = async (now: string) =>
    (await answer('next-deployment.integration.js', repository('acme/webshop'), { now })).insights[0]!;

  it('says until when one may deploy', async () => {
    expect(await at('2026-11-24T10:00:00Z')).toMatchObject({
      content: 'Deploy until 16:00',
      status: 'success',
      tooltip: '5 h left',
    });
  });

  it.each([
    ['before the window', '2026-11-24T08:00:00Z', 'Next deployment Tue 09:30', 'in 30 min, 2026-11-24'],
    ['after the window', '2026-11-24T15:00:00Z', 'Next deployment Wed 09:30', 'in 17 h 30 min, 2026-11-25'],
    ['on a day without one', '2026-11-27T12:00:00Z', 'Next deployment Mon 09:30', 'in 2 d 20 h, 2026-11-30'],
    [
      'late at night, when Berlin is a day ahead',
      '2026-11-24T23:30:00Z',
      'Next deployment Wed 09:30',
      'in 9 h, 2026-11-25',
    ],
    ['in summer time', '2026-07-01T06:00:00Z', 'Next deployment Wed 09:30', 'in 1 h 30 min, 2026-07-01'],
    ['across the change to winter time', '2026-10-23T07:30:00Z', 'Next deployment Mon 09:30', 'in 3 d 1 h, 2026-10-26'],
  ])('names the next window %s', async (_, now, content, tooltip) => {
    expect(await at(now)).toMatchObject({ content, tooltip: expect.stringContaining(tooltip) });
  });

  it('says why there is none for long', async () => {
    const insight = await at('2026-12-22T10:00:00Z');
    expect(insight).toMatchObject({ content: 'Next deployment Mon 09:30', status: 'important' });
    expect(insight.tooltip).toMatch(/^year-end freeze; in 12 d 22 h, 2027-01-04/);
  });
});

describe('pull-request-checklist', () => {
  const on = (subsection?: string) =>
    answer('pull-request-checklist.integration.js', repository('any/body', { name: 'pulls', pull: '42', subsection }));

  it('has a list of its own for every tab', async () => {
    const lists = await Promise.all(
      ['conversation', 'commits', 'files'].map(async (tab) => (await on(tab)).insights[0]!.items),
    );
    expect(new Set(lists.map((list) => JSON.stringify(list))).size).toBe(3);
    expect((await on()).insights[0]!.items).toEqual(lists[0]);
  });

  it('is silent on a tab that it has no list for', async () => {
    expect(contents(await on('checks'))).toEqual([]);
  });
});

describe('examples for other sites', () => {
  it('lead from a Lambda function to its code', async () => {
    const { insights } = await answer('aws-resource-code.integration.js', resource('lambda', 'webshop-checkout'));
    expect(insights[0]).toMatchObject({ content: 'acme/webshop', href: 'https://github.com/acme/webshop' });
  });

  it('name the cost centre, and warn when nobody pays', async () => {
    const on = (name: string) => answer('aws-cost-centre.integration.js', resource('dynamodb', name));
    expect(contents(await on('orders'))).toEqual(['Cost centre 4711']);
    expect((await on('experiment-7')).insights).toEqual([
      expect.objectContaining({ content: 'No cost centre', status: 'important' }),
    ]);
  });

  it('lead from a wiki page to its repository, query and fragment aside', async () => {
    const on = (url: string) => answer('wiki-service.integration.js', { type: 'generic', url });
    expect(contents(await on('https://wiki.acme.dev/runbooks/webshop/?edit=1#top'))).toEqual([
      'acme/webshop',
      '#team-storefront',
    ]);
    expect(contents(await on('https://wiki.acme.dev/lunch'))).toEqual([]);
  });
});
