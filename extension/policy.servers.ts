// A company rolls it out: what its policy presets, in real Chromium under a real policy.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { integration, Product, TOKEN } from '../e2e/product.ts';
import { type Browsing, pasteToken, startBrowser } from './testing/browser.ts';
import { chromiumUnderPolicy, policiesHere } from './testing/chromium-under-policy.ts';
import { LocalSites } from './testing/local-sites.ts';
import { SeenBar } from './testing/seen-bar.ts';

const insights = `return [
  { type: 'link', content: 'Over http', href: 'http://plain.acme.dev/' },
  { type: 'link', content: 'Over https', href: 'https://acme.dev/' },
];`;

(policiesHere ? describe : describe.skip)('under a company’s policy', () => {
  let folder: string;
  let sites: LocalSites;
  let product: Product;
  let browsing: Browsing;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-policy-'));
    sites = await LocalSites.start();
    product = await Product.start({ 'links.integration.js': integration('links', insights) });
    const program = await chromiumUnderPolicy(folder, {
      profiles: [
        { name: 'Acme', gateway: product.url },
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
    await product?.stop();
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
    await pasteToken(settings, TOKEN);
    await settings.getByText('It knows your token').waitFor();
    await settings.close();
    const page = await browsing.context.newPage();
    const bar = await SeenBar.on(page);
    await page.goto('https://github.com/acme/webshop');
    await bar.find('link', 'Over https');
    await bar.find('link', 'Over http');
    await page.close();
  });
});
