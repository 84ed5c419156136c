// Every example is checked as the registry checks it, and run as an author's file is run: with answers of the real shape from a fake
// network that knows no other host than those the example declares.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { ICON_NAMES } from '@fingerpost/bar';
import { checkInsights, type Insight, type Metadata } from '@fingerpost/contracts';
import { parse } from 'yaml';
import { checkMetadata } from '../services/registry/src/build/check-metadata.ts';

const FOLDER = import.meta.dirname;
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
// Those say what to change; whatever else lies in the folder is its owner's business.
const examples = files
  .filter((file) => file.endsWith('.integration.js') && readFileSync(join(FOLDER, file), 'utf8').includes('To change'))
  .sort();
const dataFiles = files
  .filter((file) => file.endsWith('.data.yml'))
  .map((file) => ({ id: basename(file, '.data.yml'), data: parse(readFileSync(join(FOLDER, file), 'utf8')) }));

type Reply = { status?: number; json: unknown };
interface Call {
  url: URL;
  headers: Record<string, string>;
}

interface Stage {
  now?: string;
  network?: (url: URL) => Reply;
  data?: typeof dataFiles;
}

/** Loads an example into a context of its own, with the few globals that examples use. */
function load(file: string, { now, network }: Stage = {}) {
  const calls: Call[] = [];
  const fetch = async (address: string, { headers = {} }: { headers?: Record<string, string> } = {}) => {
    const url = new URL(address);
    if (!metadata.hosts?.includes(url.host)) throw new TypeError(`${url.host} is not among the hosts of ${file}`);
    calls.push({ url, headers });
    if (network === undefined) throw new TypeError('fetch failed');
    const { status = 200, json } = network(url);
    return { ok: status < 300, status, json: async () => structuredClone(json) };
  };
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const globals = createContext({ fetch, logger, URL, URLSearchParams });
  if (now !== undefined)
    runInContext(
      `{ const Real = Date; Date = class extends Real { static now() { return Real.parse('${now}'); } } }`,
      globals,
    );

  const require = (path: string, from: string): unknown => {
    const resolved = join(dirname(from), path.endsWith('.js') ? path : `${path}.js`);
    const module = { exports: {} };
    const wrapped = `(module, require) => {${readFileSync(join(FOLDER, resolved), 'utf8')}\n}`;
    runInContext(wrapped, globals, { filename: resolved })(module, (next: string) => require(next, resolved));
    return module.exports;
  };
  const { metadata: exported, run } = require(file, '') as { metadata: unknown; run: (...given: unknown[]) => unknown };
  const metadata: Metadata = checkMetadata(structuredClone(exported), ['github', 'aws', 'generic']);
  return { metadata, run, calls };
}

async function answer(
  file: string,
  context: object,
  stage: Stage = {},
): Promise<{ insights: Insight[]; calls: Call[] }> {
  const { metadata, run, calls } = load(file, stage);
  const secrets = Object.fromEntries(
    metadata.requiredSecrets.map((name) => [name, `sealed${name.replaceAll('_', '')}`]),
  );
  const result = await run(context, secrets, stage.data ?? dataFiles);
  const insights = checkInsights(JSON.parse(JSON.stringify(result ?? [])));
  for (const secret of Object.values(secrets)) {
    expect(JSON.stringify(insights)).not.toContain(secret);
    for (const { url } of calls) expect(url.href).not.toContain(secret);
  }
  for (const icon of insights.flatMap(({ icon, items = [] }) => [icon, ...items.map((item) => item.icon)]))
    if (icon !== undefined) expect(ICON_NAMES).toContain(icon);
  return { insights, calls };
}

const repository = (name: string, section?: object) => ({
  type: 'github',
  url: `https://github.com/${name}`,
  page: { name: 'repository', repository: name, section: { name: 'code', ...section } },
});
const resource = (service: string, resourceName: string) => ({
  type: 'aws',
  url: 'https://console.aws.amazon.com/',
  scope: { region: 'eu-central-1' },
  service: { name: service, resourceName },
});
const contents = ({ insights }: { insights: Insight[] }) => insights.map(({ content }) => content);

describe('every example', () => {
  it('is one of at least six offline ones and six that call an API', () => {
    const apis = examples.filter((file) => file.startsWith('apis'));
    expect(apis.length).toBeGreaterThanOrEqual(6);
    expect(examples.length - apis.length).toBeGreaterThanOrEqual(6);
  });

  it('has a name of its own', () => {
    const names = examples.map((file) => load(file).metadata.name);
    expect(new Set(names).size).toBe(names.length);
  });

  describe.each(examples)('%s', (file) => {
    const source = readFileSync(join(FOLDER, file), 'utf8');
    const opening = source.slice(0, source.search(/^(?!\/\/)/m));

    it('passes the check of the registry and is named after its file', () => {
      const { metadata } = load(file);
      expect(metadata.name).toBe(basename(file, '.integration.js'));
      expect(metadata.description).not.toBe('');
    });

    it('opens with what it shows and what to change', () => {
      expect(opening.length).toBeGreaterThan(100);
      expect(opening).toContain('To change:');
    });

    it('says how to hand over each secret that it needs', () => {
      for (const name of load(file).metadata.requiredSecrets) {
        expect(opening).toContain(`npm run secrets -- set ${name}`);
        expect(opening).toContain(`INTEGRATION_${name}=`);
      }
    });
  });
});

describe('an example for an API', () => {
  it.each(examples.filter((file) => file.startsWith('apis')))('%s stays out of sight until it is changed', (file) => {
    const { metadata } = load(file);
    expect(metadata.match.context).toEqual({ 'page.repository': { startsWith: 'your-org/' } });
    expect(metadata.requiredSecrets.length).toBeGreaterThan(0);
    expect(metadata.cache).toBeGreaterThan(0);
  });
});

describe('an example that needs a service', () => {
  const needy = examples.filter((file) => readFileSync(join(FOLDER, file), 'utf8').includes('serviceOfRepository'));

  it.each(needy)('%s is silent about a repository that nobody knows', async (file) => {
    expect(contents(await answer(file, repository('acme/unheard-of')))).toEqual([]);
  });

  it.each(needy)('%s is silent when the data file is empty or gone', async (file) => {
    expect(contents(await answer(file, repository('acme/webshop'), { data: [] }))).toEqual([]);
    expect(
      contents(await answer(file, repository('acme/webshop'), { data: [{ id: 'services', data: null }] })),
    ).toEqual([]);
  });
});

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

  it('says so when it cannot reach itself', async () => {
    expect((await ask()).insights).toEqual([expect.objectContaining({ content: 'Fingerpost is not ready' })]);
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
