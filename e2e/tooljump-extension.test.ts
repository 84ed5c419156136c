// ToolJump's extension at our gateway. Its content scripts ask from the pages where they run, so the browser asks first whether they may;
// its settings ask from the extension itself. What it sends and what it takes for an answer is written down here, from its public source.
import { integration, Product, TOKEN } from './product.ts';

const GITHUB = 'https://github.com';
const CONSOLE = 'https://eu-central-1.console.aws.amazon.com';
const WIKI = 'https://wiki.acme.dev';
const SETTINGS = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';

/** As its adapters read pages; each with what the integrations below make of it. */
const CONTEXTS: [what: string, origin: string, context: object, content: string][] = [
  [
    'a repository',
    GITHUB,
    {
      url: `${GITHUB}/acme/webshop`,
      type: 'github',
      global: { user: 'ana' },
      page: { name: 'repository', repository: 'acme/webshop', section: { name: 'code', resource: '', hash: 'main' } },
    },
    'acme/webshop code',
  ],
  [
    'a run of a workflow',
    GITHUB,
    {
      url: `${GITHUB}/acme/webshop/actions/runs/77/job/88`,
      type: 'github',
      page: { name: 'repository', repository: 'acme/webshop', section: { name: 'actions', workflow: '77', job: '88' } },
    },
    'acme/webshop actions',
  ],
  [
    'a function',
    CONSOLE,
    {
      url: `${CONSOLE}/lambda/home?region=eu-central-1#/functions/checkout`,
      type: 'aws',
      global: { accountId: '123456789012' },
      scope: { region: 'eu-central-1' },
      service: {
        name: 'lambda',
        section: 'functions',
        resourceName: 'checkout',
        arn: 'arn:aws:lambda:eu-central-1:123456789012:function:checkout',
      },
    },
    'lambda of 123456789012',
  ],
  ['any page that an integration names', WIKI, { url: `${WIKI}/runbook`, type: 'generic' }, 'a page of the wiki'],
];

const says = (name: string, type: string, rule: string, said: string) =>
  integration(name, said)
    .replace("contextType: 'github'", `contextType: '${type}'`)
    .replace("'page.repository': { exists: true }", rule);

describe('ToolJump’s extension', () => {
  let product: Product;

  beforeAll(async () => {
    product = await Product.start({
      'repository.integration.js': integration(
        'repository',
        `return [
          { type: 'link', content: context.page.repository + ' ' + context.page.section.name, href: 'https://acme.dev/', icon: 'github', status: 'relevant', tooltip: 'A tooltip' },
          { type: 'dropdown', content: 'More', items: [{ content: 'Logs', href: 'https://acme.dev/logs', status: 'success' }] },
        ];`,
        'cache: 60, priority: 900',
      ),
      'broken.integration.js': says(
        'broken',
        'github',
        "'page.repository': { equals: 'acme/broken' }",
        `throw new Error('postgres://root:hunter2@db');`,
      ),
      'function.integration.js': says(
        'function',
        'aws',
        "'service.arn': { startsWith: 'arn:aws:lambda:' }",
        `return { type: 'text', content: context.service.name + ' of ' + context.global.accountId };`,
      ),
      'wiki.integration.js': says(
        'wiki',
        'generic',
        `url: { startsWith: '${WIKI}/' }`,
        `return { type: 'text', content: 'a page of the wiki' };`,
      ),
    });
  });
  afterAll(() => product.stop());

  /** What the browser asks before it lets a page's script send a token, and whether the answer lets it. */
  const mayAsk = async (origin: string, path: string, method: string) => {
    const { status, headers } = await fetch(product.url + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    const allowed = (headers.get('access-control-allow-headers') ?? '').toLowerCase();
    return (
      status < 300 &&
      headers.get('access-control-allow-origin') === origin &&
      ['authorization', 'content-type'].every((name) => allowed.includes(name))
    );
  };
  const ask = async (origin: string, context: object, token = TOKEN) => {
    const response = await product.send('/context', context, { origin, authorization: `Bearer ${token}` });
    const isReadable = response.headers.get('access-control-allow-origin') === origin;
    return { status: response.status, isReadable, answer: (await response.json()) as Record<string, unknown> };
  };

  it.each(CONTEXTS)('is answered about %s, at the page', async (_what, origin, context, content) => {
    expect(await mayAsk(origin, '/context', 'POST')).toBe(true);
    const { status, isReadable, answer } = await ask(origin, context);
    expect([status, isReadable]).toEqual([200, true]);
    expect(answer).toEqual({
      data: expect.any(Array),
      count: (answer.data as unknown[]).length,
      cacheHits: expect.any(Number),
      failedCount: 0,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      integrationNames: expect.any(Array),
    });
    expect(answer.data).toContainEqual(expect.objectContaining({ content }));
  });

  it('gets every field that it draws', async () => {
    const { answer } = await ask(GITHUB, CONTEXTS[0]![2]);
    expect(answer.data).toEqual([
      {
        type: 'link',
        content: 'acme/webshop code',
        href: 'https://acme.dev/',
        icon: 'github',
        status: 'relevant',
        tooltip: 'A tooltip',
      },
      {
        type: 'dropdown',
        content: 'More',
        items: [{ content: 'Logs', href: 'https://acme.dev/logs', status: 'success' }],
      },
    ]);
    expect(answer.integrationNames).toEqual(['repository']);
    expect((await ask(GITHUB, CONTEXTS[0]![2])).answer.cacheHits).toBe(1);
  });

  it('draws a failure as the text that it is sent, which says no more than whose it is', async () => {
    const { answer } = await ask(GITHUB, { ...CONTEXTS[0]![2], page: { repository: 'acme/broken', section: {} } });
    expect(answer).toMatchObject({ failedCount: 1 });
    expect(answer.data).toContainEqual({
      type: 'text',
      status: 'important',
      content: expect.stringMatching(/^broken: /),
    });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });

  it('is told nothing about a page that nobody knows', async () => {
    const { answer } = await ask(GITHUB, { url: `${GITHUB}/`, type: 'github' });
    expect(answer).toMatchObject({ data: [], count: 0, integrationNames: [] });
  });

  it('finds no list in the answer to a wrong token, and so draws nothing', async () => {
    const { status, isReadable, answer } = await ask(GITHUB, CONTEXTS[0]![2], 'wrong');
    expect([status, isReadable]).toEqual([401, true]);
    expect(answer.data).toBeUndefined();
  });

  it('cannot be spoken for by another page', async () => {
    expect(await mayAsk('https://evil.dev', '/context', 'POST')).toBe(false);
    expect((await ask('https://evil.dev', CONTEXTS[0]![2])).isReadable).toBe(false);
  });

  it.each([SETTINGS, GITHUB, 'https://unknown.dev'])('asks for its settings from %s', async (origin) => {
    expect(await mayAsk(origin, '/config', 'GET')).toBe(true);
    const config = await product.send('/config', undefined, { origin });
    expect(config.headers.get('access-control-allow-origin')).toBe(origin);
    const { adapters, customDomains, timestamp } = (await config.json()) as Record<string, unknown>;
    expect(adapters).toContainEqual(
      expect.objectContaining({
        name: 'github',
        enabled: true,
        urls: [GITHUB],
        description: expect.stringMatching(/\w/),
      }),
    );
    expect(customDomains).toEqual([WIKI]);
    expect(timestamp).toEqual(expect.any(String));

    const domains = await product.send('/custom-domains', undefined, { origin });
    expect(await domains.json()).toEqual({ hosts: [WIKI], count: 1, timestamp: expect.any(String) });
  });
});
