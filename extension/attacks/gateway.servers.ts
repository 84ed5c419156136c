// A gateway that means harm, or is ill, against the built extension in real Chromium.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type Browsing, chromiumHere, signIn, startBrowser } from '../testing/browser.ts';
import { LocalSites } from '../testing/local-sites.ts';
import { SeenBar } from '../testing/seen-bar.ts';
import { type SaidEvent, SmallGateway } from '../testing/small-gateway.ts';

/** Asks for more sites than any gateway should be given. */
const GREEDY = {
  adapters: [
    {
      name: 'github',
      enabled: true,
      urls: ['https://github.com', 'https://*.com', 'https://*/*', '<all_urls>', 'file:///'],
      description: '<img src=x onerror=alert(1)>',
    },
    { name: 'all', enabled: true, urls: ['https://*', '*://*'], description: 'everything' },
    null,
    7,
  ],
  customDomains: ['javascript:alert(1)', 'https://*.dev', 'http://plain.dev', 'https://ok.acme.dev', 5],
};

(chromiumHere === undefined ? describe.skip : describe)('a gateway that means harm', () => {
  let sites: LocalSites;
  let browsing: Browsing;
  let gateway: SmallGateway;
  let page: Page;
  let bar: SeenBar;

  beforeAll(async () => {
    sites = await LocalSites.start();
    gateway = await SmallGateway.start(GREEDY);
    browsing = await startBrowser(sites.rules);
    await signIn(browsing, gateway.url, 'a token');
  }, 60_000);
  afterAll(async () => {
    await browsing?.stop();
    gateway?.stop();
    sites?.stop();
  });
  beforeEach(async () => {
    page = await browsing.context.newPage();
    bar = await SeenBar.on(page);
  });
  afterEach(() => page.close());

  const say = (...events: SaidEvent[]) => gateway.say(...events);
  const open = () => page.goto('https://github.com/acme/webshop');

  it('is asked no leave for more than single sites', async () => {
    const settings = await browsing.openSettings();
    await settings.getByRole('heading', { name: 'Sites' }).waitFor();
    const rows = await settings.locator('section[aria-labelledby="sites"] li').allTextContents();
    expect(rows.map((row) => row.replace(/Switch.*/, '').trim())).toEqual([
      'GitHub <img src=x onerror=alert(1)>',
      'ok.acme.dev A page that an integration names',
    ]);
    await settings.close();
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'http://plain.dev/',
    'JaVaScRiPt:alert(1)',
    'chrome://settings',
    ' javascript:alert(1)',
    'file:///etc/passwd',
    'https://github.com@evil.dev/',
  ])('has no link to %s in the bar', async (href) => {
    say(
      ['expected', { integrations: ['one', 'two'] }],
      ['insight', { integration: 'one', index: 0, insight: { type: 'link', content: 'Click', href } }],
      [
        'insight',
        { integration: 'two', index: 0, insight: { type: 'link', content: 'Fine', href: 'https://acme.dev/' } },
      ],
      ['done', {}],
    );
    await open();
    await bar.find('link', 'Fine');
    expect(await bar.isThere('link', 'Click')).toBe(false);
    expect(await bar.isThere('StaticText', 'Click')).toBe(true);
  });

  it('says where a link leads that looks like another', async () => {
    const link = (integration: string, content: string, href: string) =>
      ['insight', { integration, index: 0, insight: { type: 'link', content, href } }] as SaidEvent;
    say(
      ['expected', { integrations: ['one', 'two', 'three'] }],
      link('one', 'github.com/acme', 'https://github.com.evil.dev/acme'),
      link('two', 'GitHub', 'https://g\u0456thub.com/acme'),
      link('three', 'github.com', 'https://github.com/acme'),
      ['done', {}],
    );
    await open();
    await bar.find('link', /^github.com\/acme ?, leads to ?github.com.evil.dev$/);
    await bar.find('link', /^GitHub ?, leads to ?xn--gthub-n2e.com$/);
    await bar.find('link', 'github.com');
  });

  it('has its markup shown as text', async () => {
    const markup = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';
    const insight = { type: 'dropdown', content: markup, tooltip: markup, icon: markup, items: [{ content: markup }] };
    say(
      ['expected', { integrations: [markup] }],
      ['insight', { integration: markup, index: 0, insight }],
      ['failure', { integration: 'other', reason: markup, id: markup }],
      ['done', {}],
    );
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    await open();
    await bar.press('button', markup);
    await bar.find('StaticText', markup);
    await bar.find('listitem', /.*/);
    expect(await page.title()).not.toBe('taken');
    expect(fetched.filter((url) => url.endsWith('/x'))).toEqual([]);
  });

  it('does not bury the page: a flood is cut, and what has no shape is left out', async () => {
    const many = Array.from({ length: 20_000 }, (_, at) => `name-${at}`);
    const insight = (integration: unknown, insight: unknown, index: unknown = 0) =>
      ['insight', { integration, index, insight }] as SaidEvent;
    say(
      ['expected', { integrations: ['ok', '__proto__', ...many] }],
      insight('ok', { type: 'text', content: 'Still here', tooltip: 'x'.repeat(1e6), icon: 'constructor' }),
      insight('__proto__', { type: 'text', content: 'Odd name' }),
      insight('name-0', { type: 'text', content: 'y'.repeat(1e6) }),
      insight('name-1', null),
      insight('name-2', { type: 'script', content: 'z' }),
      insight('name-3', { type: 'dropdown', content: 'List', items: { length: 1e9 } }),
      insight('name-4', { type: 'text', content: { toString: 'no' } }),
      insight(7, { type: 'text', content: 'nobody' }),
      insight('ok', { type: 'text', content: 'far' }, 1e9),
      ['failure', { integration: 'name-5', reason: { html: '<b>' }, id: null }],
      ['expected2', {}],
      ['done', { count: 'many', tookMs: -1 }],
    );
    await open();
    await bar.find('StaticText', 'Still here');
    await bar.find('StaticText', 'Odd name');
    const { height } = await bar.box(await bar.find('toolbar', /known/));
    expect(height).toBe(38);
  });

  it.each([
    ['nothing', ''],
    ['half an event', 'event: insight\ndata: {"integration'],
    ['no JSON', 'event: expected\ndata: {{{\n\n'],
    ['lists for objects', 'event: expected\ndata: []\n\nevent: insight\ndata: null\n\nevent: done\ndata: 7\n\n'],
  ])('leaves the page and the bar alive by answering %s', async (_, text) => {
    gateway.answer = text;
    await open();
    await sleep(600);
    say(
      ['expected', { integrations: ['ok'] }],
      ['insight', { integration: 'ok', index: 0, insight: { type: 'text', content: 'Well again' } }],
      ['done', {}],
    );
    await page.getByRole('link', { name: 'Issues' }).click();
    await bar.find('StaticText', 'Well again');
  });
});
