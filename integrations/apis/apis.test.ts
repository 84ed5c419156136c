import { answer, contents, examples, type Reply, repository } from '../testing/stage.ts';

describe('examples for APIs', () => {
  const services = [{ repository: 'your-org/shop app', pagerDutyService: 'P/1', chat: { channel: 'shop', id: 'C&1' } }];
  const data = [{ id: 'services', data: { services } }];
  // A blank in the name shows whether parts of addresses are encoded.
  const shop = repository('your-org/shop app');
  const ask = (name: string, network: (url: URL) => Reply) =>
    answer(`apis/${name}.integration.js`, shop, { now: '2026-11-24T12:00:00Z', network, data });
  const calm = (json: unknown) => () => ({ json });

  it('github-last-deployment tells what was deployed when', async () => {
    const network = ({ pathname }: URL): Reply => ({
      json: pathname.endsWith('/statuses')
        ? [{ state: 'success', created_at: '2026-11-24T09:00:00Z' }]
        : [{ id: 7, ref: 'v1.4', sha: '4f2c9aa01', created_at: '2026-11-24T08:00:00Z', creator: { login: 'ana' } }],
    });
    const { insights, calls } = await ask('github-last-deployment', network);
    expect(insights).toEqual([
      expect.objectContaining({ content: 'v1.4 deployed 3 h ago', status: 'success', tooltip: '4f2c9aa by ana' }),
    ]);
    expect(calls[0]!.url.pathname).toBe('/repos/your-org/shop%20app/deployments');
    expect(calls[0]!.headers.authorization).toBe('Bearer sealedGITHUBTOKEN');
    expect(contents(await ask('github-last-deployment', calm([])))).toEqual([]);
  });

  it('pagerduty-on-call names the person, and says so when there is none', async () => {
    const service = {
      summary: 'Shop',
      html_url: 'https://acme.pagerduty.com/services/P1',
      escalation_policy: { id: 'E1' },
    };
    const network =
      (oncalls: unknown[]) =>
      ({ pathname }: URL) => ({ json: pathname === '/oncalls' ? { oncalls } : { service } });
    const { insights, calls } = await ask(
      'pagerduty-on-call',
      network([
        { escalation_level: 2, user: { summary: 'Bo' } },
        { escalation_level: 1, user: { summary: 'Ana Ruiz' }, end: '2026-11-25T08:00:00Z' },
      ]),
    );
    expect(insights).toEqual([expect.objectContaining({ content: 'On call: Ana Ruiz', href: service.html_url })]);
    expect(calls.map(({ url }) => url.pathname)).toEqual(['/services/P%2F1', '/oncalls']);
    expect(calls[1]!.url.searchParams.get('escalation_policy_ids[]')).toBe('E1');
    expect((await ask('pagerduty-on-call', network([]))).insights).toEqual([
      expect.objectContaining({ content: 'Nobody on call', status: 'important' }),
    ]);
  });

  it('datadog-monitors lists those in alarm, and counts the calm', async () => {
    const monitors = [
      { id: 1, name: 'Latency', status: 'Alert' },
      { id: 2, name: 'Errors', status: 'OK' },
      { id: 3, name: 'Queue', status: 'Warn' },
    ];
    const { insights, calls } = await ask('datadog-monitors', calm({ monitors }));
    expect(insights[0]).toMatchObject({ content: '2 of 3 monitors in alarm', status: 'important' });
    expect(insights[0]!.items!.map(({ content, status }) => [content, status])).toEqual([
      ['Latency', 'important'],
      ['Queue', 'relevant'],
    ]);
    expect(calls[0]!.url.searchParams.get('query')).toBe('tag:"service:shop app"');
    expect(calls[0]!.headers).toMatchObject({
      'dd-api-key': 'sealedDATADOGAPIKEY',
      'dd-application-key': 'sealedDATADOGAPPKEY',
    });
    expect(contents(await ask('datadog-monitors', calm({ monitors: [monitors[1]] })))).toEqual(['Monitors calm']);
    expect(contents(await ask('datadog-monitors', calm({ monitors: [] })))).toEqual([]);
  });

  it.each([
    ['passed', ['success', 'success'], 'success'],
    ['failed', ['success', 'failed'], 'important'],
    ['running', ['running'], 'relevant'],
    ['created', [], 'relevant'],
  ])('circleci-last-pipeline tells that it %s', async (word, states, status) => {
    const network = ({ pathname }: URL): Reply => ({
      json: pathname.endsWith('/workflow')
        ? { items: states.map((state, index) => ({ name: `job-${index}`, status: state })) }
        : { items: [{ id: 'id-1', number: 12, state: 'created', created_at: '2026-11-24T11:55:00Z' }] },
    });
    const { insights, calls } = await ask('circleci-last-pipeline', network);
    expect(insights).toEqual([expect.objectContaining({ content: `main ${word} 5 min ago`, status })]);
    expect(calls[0]!.url.pathname).toBe('/api/v2/project/gh/your-org/shop%20app/pipeline');
    expect(contents(await ask('circleci-last-pipeline', calm({ items: [] })))).toEqual([]);
  });

  it('launchdarkly-flags lists the flags and counts those that are on', async () => {
    const flag = (key: string, on: boolean) => ({ key, name: key, environments: { production: { on } } });
    const { insights, calls } = await ask(
      'launchdarkly-flags',
      calm({ items: [flag('new/cart', true), flag('old', false)] }),
    );
    expect(insights[0]).toMatchObject({ type: 'dropdown', content: 'Flags: 1 of 2 on' });
    expect(insights[0]!.items![0]).toMatchObject({
      status: 'success',
      href: expect.stringMatching(/\/flags\/new%2Fcart$/),
    });
    expect(calls[0]!.url.searchParams.get('filter')).toBe('tags:shop app');
    expect(contents(await ask('launchdarkly-flags', calm({ items: [] })))).toEqual([]);
  });

  it('slack-channel-topic shows the topic, cut to fit, and fails when Slack refuses with 200', async () => {
    const channel = { name: 'shop', topic: { value: 'x'.repeat(600) } };
    const { insights, calls } = await ask('slack-channel-topic', calm({ ok: true, channel }));
    expect(insights[0]!.content).toHaveLength('#shop: '.length + 60);
    expect(insights[0]!.tooltip).toHaveLength(500);
    expect(calls[0]!.url.search).toBe('?channel=C%261');
    await expect(ask('slack-channel-topic', calm({ ok: false, error: 'channel_not_found' }))).rejects.toMatchObject({
      message: 'Slack refused conversations.info for C&1: channel_not_found',
    });
  });

  it.each(examples.filter((file) => file.startsWith('apis')))(
    '%s fails with the tool, the status and what to do',
    async (file) => {
      const refused = answer(file, shop, { network: () => ({ status: 401, json: {} }), data });
      await expect(refused).rejects.toMatchObject({
        message: expect.stringMatching(/^\w+ answered 401 to GET \/\S+: is the secret right/),
      });
    },
  );
});
