// The built extension in real Chromium, at pages named like the real ones, against the whole product.
import type { Page } from 'playwright-core';
import { integration, Product, saying, TOKEN } from '../e2e/product.ts';
import { type Browsing, chromiumHere, signIn, startBrowser } from './testing/browser.ts';
import { LocalSites } from './testing/local-sites.ts';
import { SeenBar } from './testing/seen-bar.ts';

const OWNER = integration(
  'service-owner',
  `return [{ type: 'link', content: 'Team Checkout', href: 'https://acme.dev/team', icon: 'team', tooltip: context.page.repository }];`,
);
const PLACE = integration(
  'page-place',
  `return [{ type: 'text', content: 'At ' + (context.page.section?.name ?? 'start') }];`,
);
const DEPLOYMENTS = integration(
  'deployments',
  `return [{ type: 'dropdown', content: 'Deployments', icon: 'rocket', items: ['Production EU', 'Production US', 'Staging'].map((content) => ({ content, href: 'https://acme.dev/' })) }];`,
);

(chromiumHere === undefined ? describe.skip : describe)('the extension in Chromium', () => {
  let sites: LocalSites;
  let browsing: Browsing;
  let product: Product;
  let page: Page;
  let bar: SeenBar;

  beforeAll(async () => {
    sites = await LocalSites.start();
    product = await Product.start({
      'owner.integration.js': OWNER,
      'place.integration.js': PLACE,
      'deployments.integration.js': DEPLOYMENTS,
      'slow.integration.js': saying('slow-one', 'At last'),
    });
    browsing = await startBrowser(sites.rules);
    await signIn(browsing, product.url, TOKEN);
  }, 90_000);
  afterAll(async () => {
    await browsing?.stop();
    await product?.stop();
    sites?.stop();
  });
  beforeEach(async () => {
    page = await browsing.context.newPage();
    bar = await SeenBar.on(page);
  });
  afterEach(() => page.close());

  const open = () => page.goto('https://github.com/acme/webshop');

  it('shows what is known about the page', async () => {
    await open();
    const owner = await bar.find('link', /Team Checkout/);
    expect(owner.description).toBe('acme/webshop');
    await bar.find('StaticText', 'At code');
  });
});
