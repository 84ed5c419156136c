/** The product as `npm start` has it, and people in a real browser at its door: Ada, who administers, and Ben, who does not. */

import { findServer } from '@fingerpost/platform/testing';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { Product } from './product.ts';

const program = findServer('chromium');

export interface Visit extends BrowserContextOptions {
  /** another one than everybody's */
  browser?: Browser;
  /** the page that is wanted */
  to?: string;
}

/** `describe` with the product and a browser; where Chromium is missing, the closing summary says so. */
export function describeInChromium(
  name: string,
  tests: (at: BrowserAtProduct) => void,
  start: (at: BrowserAtProduct) => Promise<void> = (at) => at.start(),
): void {
  (program === undefined ? describe.skip : describe)(name, () => {
    const at = new BrowserAtProduct();
    beforeAll(() => start(at), 60_000);
    afterAll(() => at.stop());
    tests(at);
  });
}

export class BrowserAtProduct {
  product!: Product;
  /** as browsers say it: addresses in pages and tests are paths of it */
  origin!: string;
  private readonly browsers: Browser[] = [];

  async start(...how: [env?: NodeJS.ProcessEnv, prepare?: (folder: string) => Promise<unknown>, program?: string]) {
    this.product = await Product.start({}, ...how);
    this.origin = this.product.url.replace('127.0.0.1', 'localhost');
    await this.anotherBrowser();
  }

  async stop(): Promise<void> {
    await Promise.all(this.browsers.map((browser) => browser.close()));
    await this.product?.stop();
  }

  /** A process of its own. */
  async anotherBrowser(): Promise<Browser> {
    const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
    this.browsers.push(browser);
    return browser;
  }

  /** A page for somebody whom nobody knows yet. */
  async open({ browser = this.browsers[0]!, to = '/', ...options }: Visit = {}): Promise<Page> {
    const context = await browser.newContext({ baseURL: this.origin, reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    await page.goto(to);
    return page;
  }

  /** Chooses who to be at the development provider, and is back at the page that is wanted. */
  async signIn(who: RegExp, { to = '/me', ...visit }: Visit = {}): Promise<Page> {
    const page = await this.open({ ...visit, to: `/sign-in/development?return_to=${encodeURIComponent(to)}` });
    await page.getByRole('button', { name: who }).click();
    await page.waitForURL(to);
    return page;
  }
}

/** What a script of that page is told. */
export const ask = (page: Page, path: string, method = 'GET') =>
  page.evaluate(
    async ([path, method]) => {
      const response = await fetch(path!, { method: method! });
      return { status: response.status, text: await response.text() };
    },
    [path, method],
  );
