// The core of it in Firefox: settings, signing in, a site switched on, a bar on a page, a navigation, and the background (there an event page) asleep.
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'puppeteer-core';
import { integration, Product, TOKEN } from '../e2e/product.ts';
import { type FirefoxBrowsing, firefoxHere, startFirefox } from './testing/firefox.ts';
import { LocalSites } from './testing/local-sites.ts';

const FIREFOX_BUILD = join(import.meta.dirname, 'dist/firefox-mv3');

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

  const untilPage = async (browser: Browser, address: RegExp) => {
    const deadline = performance.now() + 20_000;
    for (;;) {
      const page = (await browser.pages()).find((page) => address.test(page.url()));
      if (page !== undefined) return page;
      if (performance.now() > deadline) throw new Error(`no page at ${address}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
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

  const button = (label: string) => browsing.settings.locator(`button[aria-label="${label}"]`);
  const untilSaid = (text: string) =>
    browsing.settings.waitForFunction((text) => document.body.textContent?.includes(text), {}, text);

  it('has a demo without any gateway, on a site that is switched on by a press', async () => {
    const { settings, browser } = browsing;
    await settings.locator('section[aria-labelledby="gateway"] button.plain').click();
    await button('Switch on github').click();
    await button('Switch off github').wait();
    page = await browser.newPage(); // not before: a tab in the background draws nothing
    await page.goto('https://github.com/acme/webshop');
    await untilChips('No open incident', 'Team Checkout', 'Deployments', 'Logs', '412 € this month');
    await page.close();
    await settings.bringToFront();
    await button('Switch off github').click();
    await button('Switch on github').wait();
    await settings.locator('section[aria-labelledby="looks"] label.switch:last-child input').click();
    await settings.waitForFunction(() => document.querySelector('section[aria-labelledby="sites"]') === null);
  }, 60_000);

  it('is signed in with an API token', async () => {
    const { settings } = browsing;
    await settings.locator('input[inputmode="url"]').fill(product.url.replace('127.0.0.1', 'localhost'));
    await settings.locator('button.main').click();
    await settings.locator('summary').click();
    await settings.locator('input[type="password"]').fill(TOKEN);
    await settings.locator('section[aria-labelledby="sign-in"] form button').click();
    await untilSaid('It knows your token');
    await settings.locator('section[aria-labelledby="sign-in"] button.plain').click();
  }, 60_000);

  it('is signed in with the company account, in a window of the browser’s', async () => {
    const { settings, browser } = browsing;
    await settings.locator('section[aria-labelledby="sign-in"] button.main').click();
    const provider = await untilPage(browser, /\/interaction\//);
    await provider.locator('button[value="ada"]').click();
    await untilSaid('Signed in as ada@example.com');
  }, 60_000);

  it('is let into a site by a press, and into no other', async () => {
    await button('Switch on github').click();
    await button('Switch off github').wait();
    await button('Switch on aws').wait();
  }, 60_000);

  it('shows the bar, in its own colours, and follows the page', async () => {
    page = await browsing.browser.newPage();
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

  it('goes on where the browser has put its background to sleep', async () => {
    const views = () =>
      browsing.settings.evaluate('browser.extension.getViews().map(({ location }) => location.pathname).join()');
    const deadline = performance.now() + 20_000;
    while (String(await views()).includes('background') && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await views()).toBe('/options.html');
    await page.locator('nav a[href$="/actions"]').click();
    await untilChips('At actions');
  }, 60_000);

  it('keeps its looks where the page allows no styles', async () => {
    const html = '<!doctype html><html><head></head><body><a id="code-tab"></a></body></html>';
    sites.draw('github.com', html, { 'content-security-policy': "default-src 'none'" });
    await page.goto('https://github.com/acme/strict');
    await untilChips('At code');
    expect(await heightOfBar()).toBe(38);
  }, 60_000);

  it('is gone from a site that was switched off', async () => {
    await browsing.settings.bringToFront();
    await button('Switch off github').click();
    await button('Switch on github').wait();
    await page.bringToFront();
    await page.reload();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await page.evaluate(() => document.querySelectorAll('html > div').length)).toBe(0);
  }, 60_000);
});

describe('the build for Firefox', () => {
  it('has nothing that Mozilla’s linter calls an error, and of warnings only what React brings', async () => {
    const program = join(import.meta.dirname, '../node_modules/.bin/addons-linter');
    const { stdout } = await promisify(execFile)(program, ['--output', 'json', FIREFOX_BUILD], { maxBuffer: 1e8 });
    const { errors, warnings } = JSON.parse(stdout) as Record<'errors' | 'warnings', { code: string; file: string }[]>;
    expect(errors).toEqual([]);
    expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(['UNSAFE_VAR_ASSIGNMENT']));
  }, 120_000);
});
