// A company rolls it out: what its policy presets, in real Chromium under a real policy.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browsing, pasteToken, startBrowser } from './testing/browser.ts';
import { chromiumUnderPolicy, policiesHere } from './testing/chromium-under-policy.ts';
import { LocalSites } from './testing/local-sites.ts';
import { SeenBar } from './testing/seen-bar.ts';
import { type SaidEvent, SmallGateway } from './testing/small-gateway.ts';

const LINKS = ['http://plain.acme.dev/', 'https://acme.dev/', 'javascript:alert(1)'];

(policiesHere ? describe : describe.skip)('under a company’s policy', () => {
  let folder: string;
  let sites: LocalSites;
  let gateway: SmallGateway;
  let browsing: Browsing;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-policy-'));
    sites = await LocalSites.start();
    gateway = await SmallGateway.start();
    gateway.say(
      ['expected', { integrations: LINKS }],
      ...LINKS.map((href): SaidEvent => {
        const insight = { type: 'link', content: `To ${href}`, href };
        return ['insight', { integration: href, index: 0, insight }];
      }),
      ['done', {}],
    );
    const program = await chromiumUnderPolicy(folder, {
      profiles: [
        { name: 'Acme', gateway: gateway.url },
        { name: 'Acme, tomorrow', gateway: 'https://next.fingerpost.acme.dev' },
        { name: 'In clear', gateway: 'http://fingerpost.acme.dev' },
      ],
      onlyManagedProfiles: true,
      linkSchemes: ['http', 'javascript'],
    });
    browsing = await startBrowser(sites.rules, { program });
  }, 90_000);
  afterAll(async () => {
    await browsing?.stop();
    gateway?.stop();
    sites?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('has its gateways from the start, to choose from and to add none to', async () => {
    const settings = await browsing.openSettings();
    await settings.getByRole('radio', { name: 'Acme, tomorrow' }).waitFor();
    expect(await settings.getByRole('radio', { name: /^Acme/ }).count()).toBe(2);
    expect(await settings.getByText('preset by your company').count()).toBe(2);
    expect(await settings.getByText('In clear').count()).toBe(0);
    expect(await settings.getByRole('button', { name: /Add|Remove/ }).count()).toBe(0);
    await settings.close();
  });

  it('lets what the company allows be clicked, and never what runs in a page', async () => {
    const settings = await browsing.openSettings();
    await pasteToken(settings, 'a token');
    await settings.getByText('It knows your token').waitFor();
    await settings.close();
    const page = await browsing.context.newPage();
    const bar = await SeenBar.on(page);
    await page.goto('https://github.com/acme/webshop');
    await bar.find('link', 'To https://acme.dev/');
    await bar.find('link', 'To http://plain.acme.dev/');
    await bar.find('note', 'To javascript:alert(1)');
    await page.close();
  });
});
