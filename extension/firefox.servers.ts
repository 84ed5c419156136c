// The core of it in Firefox: settings, signing in, a bar on a page, a navigation, and the worker (there an event page) put to sleep.
import { mkdir } from 'node:fs/promises';
import type { Page } from 'puppeteer-core';
import { integration, Product, TOKEN } from '../e2e/product.ts';
import { type FirefoxBrowsing, firefoxHere, startFirefox } from './testing/firefox.ts';
import { LocalSites } from './testing/local-sites.ts';

(firefoxHere === undefined ? describe.skip : describe)('the extension in Firefox', () => {
  let sites: LocalSites;
  let product: Product;
  let browsing: FirefoxBrowsing;
  let page: Page;

  beforeAll(async () => {
    sites = await LocalSites.start();
    product = await Product.start({
      'place.integration.js': integration(
        'page-place',
        `return [{ type: 'link', content: 'At ' + context.page.section.name, href: 'https://acme.dev/' }];`,
      ),
    });
    browsing = await startFirefox(sites.port);
  }, 120_000);
  afterAll(async () => {
    await browsing?.stop();
    await product?.stop();
    sites?.stop();
  }, 60_000);

  const heightOfBar = () =>
    page.evaluate(
      () => document.querySelector('html > div')?.shadowRoot?.querySelector('.bar')?.getBoundingClientRect().height,
    );
  const chips = () =>
    page.evaluate(() =>
      [...(document.querySelector('html > div')?.shadowRoot?.querySelectorAll('.chip .label') ?? [])].map(
        (label) => label.textContent,
      ),
    );
  const untilChips = async (...expected: string[]) => {
    const deadline = performance.now() + 15_000;
    while (JSON.stringify(await chips()) !== JSON.stringify(expected)) {
      if (performance.now() > deadline) throw new Error(`the bar has ${JSON.stringify(await chips())}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  it('is signed in by its settings', async () => {
    const { settings } = browsing;
    await settings.locator('input[inputmode="url"]').fill(product.url);
    await settings.locator('button.main').click();
    await settings.locator('summary').click();
    await settings.locator('input[type="password"]').fill(TOKEN);
    await settings.locator('section[aria-labelledby="sign-in"] form button').click();
    await settings.waitForFunction(() => document.body.textContent?.includes('It knows your token'));
  }, 60_000);

  it('shows the bar, in its own colours, and follows the page', async () => {
    page = await browsing.browser.newPage(); // not before: a tab in the background draws nothing
    await page.goto('https://github.com/acme/webshop');
    await untilChips('At code');
    expect(await heightOfBar()).toBe(38);
    await page.locator('nav a[href$="/issues"]').click();
    await untilChips('At issues');
    if (process.env.FINGERPOST_PICTURES) {
      await mkdir(process.env.FINGERPOST_PICTURES, { recursive: true });
      await page.screenshot({ path: `${process.env.FINGERPOST_PICTURES}/firefox.png` });
    }
  }, 60_000);

  it('keeps its looks where the page allows no styles', async () => {
    const html = '<!doctype html><html><head></head><body><a id="code-tab"></a></body></html>';
    sites.draw('github.com', html, { 'content-security-policy': "default-src 'none'" });
    await page.goto('https://github.com/acme/strict');
    await untilChips('At code');
    expect(await heightOfBar()).toBe(38);
  }, 60_000);
});
