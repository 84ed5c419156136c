// The account page of the product as `npm start` has it, in a real browser, for the two people of the development provider.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findServer } from '../packages/platform/src/testing/servers.ts';
import { Product } from './product.ts';

const program = findServer('chromium');
/** `FINGERPOST_PICTURES=docs/images/account` draws the pictures of the docs anew. */
const pictures = process.env.FINGERPOST_PICTURES;

(program === undefined ? describe.skip : describe)('the account page in Chromium', () => {
  let product: Product;
  let origin: string;
  let browser: Browser;
  beforeAll(async () => {
    product = await Product.start({});
    origin = product.url.replace('127.0.0.1', 'localhost');
    browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const open = async (who: RegExp, options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    await page.goto(`${origin}/me`);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: who }).click();
    await page.waitForURL(`${origin}/me`);
    await page.getByRole('heading', { name: who }).waitFor();
    return page;
  };
  const card = (page: Page, name: string | RegExp) => page.getByRole('region', { name });
  const picture = async (page: Page, name: string) => {
    if (pictures === undefined) return;
    await mkdir(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };
  const faults = async (page: Page): Promise<string[]> => {
    await page.evaluate(axe.source);
    return await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof import('axe-core') }).axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
  };
  const makeToken = async (page: Page, name: string): Promise<string> => {
    const tokens = card(page, 'API tokens');
    await tokens.getByRole('button', { name: 'New token' }).click();
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    return await tokens.getByLabel(`Copy the token “${name}” now`).inputValue();
  };
  const statusWith = async (token: string) =>
    (await fetch(`${origin}/whoami`, { headers: { authorization: `Bearer ${token}` } })).status;

  it('says who I am, what I may do, and where I am signed in', async () => {
    const page = await open(/Ben/);
    const who = card(page, 'Ben Engineer');
    expect(await who.locator('.word').allTextContents()).toEqual(['viewer', 'author', 'engineers']);
    const sessions = card(page, 'Where you are signed in');
    await sessions.locator('li', { hasText: 'this browser' }).getByText('Chrome on Linux').waitFor();
    expect(await page.getByRole('navigation', { name: 'Account' }).count()).toBe(0);
  });

  it('makes a token by keyboard, shows it this once, and revokes it after asking again', async () => {
    const page = await open(/Ben/);
    const token = await makeToken(page, 'deploy script');
    expect(token).toMatch(/^fpt_/);
    expect(await statusWith(token)).toBe(200);
    await page.getByRole('button', { name: 'Done' }).click();
    expect(await page.content()).not.toContain(token);

    const row = card(page, 'API tokens').locator('li', { hasText: 'deploy script' });
    await row.getByRole('button', { name: /^Revoke/ }).press('Enter');
    expect(await statusWith(token)).toBe(200);
    await row.getByRole('button', { name: /^Really revoke/ }).press('Enter');
    await row.waitFor({ state: 'detached' });
    expect(await statusWith(token)).toBe(401);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('API tokens');
  });

  it('signs one browser out from another, which notices by itself', async () => {
    const lost = await open(/Ben/, {
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
    });
    const mine = await open(/Ben/);
    const row = card(mine, 'Where you are signed in').locator('li', { hasText: 'Firefox on Linux' });
    await row.getByRole('button', { name: /^End/ }).click();
    await row.getByRole('button', { name: /^Really end/ }).click();
    await row.waitFor({ state: 'detached' });
    await lost.getByRole('heading', { name: 'You have been signed out' }).waitFor();
    expect(await lost.getByText('ben@example.com').count()).toBe(0);
    await mine.getByRole('heading', { name: 'Ben Engineer' }).waitFor();
  });

  it('leads to the try page, which asks for no token, and out', async () => {
    const page = await open(/Ben/);
    await page.getByRole('link', { name: 'Try page' }).click();
    await page.getByRole('link', { name: 'ben@example.com' }).waitFor();
    await page.getByText('No integration knows this page').or(page.getByText('0 insights')).first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out here, too' }).click();
    await page.getByRole('heading', { name: 'Signed out' }).waitFor();
    await page.goto(`${origin}/me`);
    await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
    expect(await faults(page)).toEqual([]);
    await page.goto(origin);
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await faults(page)).toEqual([]);
    await picture(page, 'entrance');
  });

  it('lets administrators end sessions and tokens, close an account, and read what happened', async () => {
    const [ben, ada] = [await open(/Ben/), await open(/Ada/)];
    const token = await makeToken(ben, 'nightly report');
    const go = (section: string) =>
      ada.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: section }).click();

    await go('Tokens');
    const row = ada.locator('li', { hasText: 'nightly report' });
    await row.getByText('ben@example.com', { exact: true }).waitFor();
    await row.getByRole('button', { name: /^Revoke/ }).click();
    await row.getByRole('button', { name: /^Really revoke/ }).click();
    await row.waitFor({ state: 'detached' });
    expect(await statusWith(token)).toBe(401);

    await go('People');
    const person = ada.locator('li', { hasText: 'Ben Engineer' });
    await person.getByRole('button', { name: /^Close account/ }).click();
    await person.getByRole('button', { name: /^Really close account/ }).click();
    await person.getByText('closed', { exact: true }).waitFor();
    await ben.getByRole('heading', { name: 'You have been signed out' }).waitFor();
    await go('Sessions');
    await ada.locator('li', { hasText: 'ada@example.com' }).first().waitFor();
    expect(await ada.locator('li', { hasText: 'ben@example.com' }).count()).toBe(0);

    await go('Audit trail');
    await ada.locator('li', { hasText: 'person.blocked' }).getByText('ben@example.com').waitFor();
    await go('People');
    await person.getByRole('button', { name: /^Open account/ }).click();
    await person.getByText('closed', { exact: true }).waitFor({ state: 'detached' });
  });

  it.each([
    ['light', 1100],
    ['dark', 1100],
    ['light', 390],
  ] as const)(
    'has nothing that axe finds fault with, and runs over no edge: %s, %d px wide',
    async (colorScheme, width) => {
      const name = width < 700 ? 'narrow' : colorScheme;
      const page = await open(/Ada/, { colorScheme, viewport: { width, height: 640 } });
      await makeToken(page, `report ${name}`);
      expect(await faults(page)).toEqual([]);
      await picture(page, `account-${name}`);
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('button', { name: 'New token' }).click();
      expect(await faults(page)).toEqual([]);
      await picture(page, `new-token-${name}`);
      await page.getByRole('button', { name: 'Cancel' }).click();
      for (const section of ['People', 'Sessions', 'Tokens', 'Audit trail']) {
        await page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: section }).click();
        await page.locator('.rows > li').first().waitFor();
        expect(await faults(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        await picture(page, `${section.toLowerCase().replace(' ', '-')}-${name}`);
      }
    },
  );
});
