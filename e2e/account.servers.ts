// The account page of the product as `npm start` has it, in a real browser, for the two people of the development provider.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { axeViolations } from './axe-violations.ts';
import { describeInChromium } from './browser-at-product.ts';
import { manyPeople, theirProvider } from './many-people.ts';

/** `FINGERPOST_PICTURES=docs/images/account` draws the pictures of the docs anew. */
const pictures = process.env.FINGERPOST_PICTURES;

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0';

const card = (page: Page, name: string | RegExp) => page.getByRole('region', { name });
const go = (page: Page, section: string) =>
  page.getByRole('navigation', { name: 'Account' }).getByRole('link', { name: section }).click();
const picture = async (page: Page, name: string) => {
  if (pictures === undefined) return;
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
};
const makeToken = async (page: Page, name: string): Promise<string> => {
  const tokens = card(page, 'API tokens');
  await tokens.getByRole('button', { name: 'New token' }).click();
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  return await tokens.getByLabel(`Copy the token “${name}” now`).inputValue();
};
const download = async (page: Page, link: string): Promise<string> => {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: link }).click()]);
  return await readFile(await file.path(), 'utf8');
};

describeInChromium('the account page in Chromium', (at) => {
  const statusWith = async (token: string) =>
    (await at.product.send('/whoami', undefined, { authorization: `Bearer ${token}` })).status;

  it('says who I am, what I may do, and where I am signed in', async () => {
    const page = await at.signIn(/Ben/);
    const who = card(page, 'Ben Engineer');
    await who.getByText('ben@example.com').waitFor();
    expect(await who.locator('.word').allTextContents()).toEqual(['viewer', 'author', 'engineers']);
    const sessions = card(page, 'Where you are signed in');
    await sessions.locator('li', { hasText: 'this browser' }).getByText('Chrome on Linux').waitFor();
    expect(await page.getByRole('navigation', { name: 'Account' }).count()).toBe(0);
  });

  it('makes a token by keyboard, shows it this once, and revokes it after asking again', async () => {
    const page = await at.signIn(/Ben/);
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

  it('is where a session is revoked from a second browser: the first one is signed out, and says so by itself', async () => {
    const lost = await at.open({ to: '/me', userAgent: FIREFOX });
    await lost.getByRole('heading', { name: 'You are not signed in' }).waitFor();
    await lost.getByRole('link', { name: 'Sign in' }).click();
    await lost.getByRole('button', { name: /Ben/ }).click();
    await card(lost, 'Ben Engineer').getByText('ben@example.com').waitFor();

    const mine = await at.signIn(/Ben/, { browser: await at.anotherBrowser() });
    const row = card(mine, 'Where you are signed in').locator('li', { hasText: 'Firefox on Linux' });
    await row.getByRole('button', { name: /^End/ }).click();
    await row.getByRole('button', { name: /^Really end/ }).click();
    await row.waitFor({ state: 'detached' });

    expect((await lost.request.get('/account')).status()).toBe(401);
    await lost.getByRole('heading', { name: 'You have been signed out' }).waitFor();
    expect(await lost.getByText('ben@example.com').count()).toBe(0);
    await lost.reload();
    await lost.getByRole('heading', { name: 'You are not signed in' }).waitFor();
    await mine.getByRole('heading', { name: 'Ben Engineer' }).waitFor();
  });

  it('leads to the try page, which asks for no token, and out', async () => {
    const page = await at.signIn(/Ben/);
    await page.getByRole('link', { name: 'Try page' }).click();
    await page.getByRole('link', { name: 'ben@example.com' }).waitFor();
    await page.getByText('No integration knows this page').or(page.getByText('0 insights')).first().waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out here, too' }).click();
    await page.getByRole('heading', { name: 'Signed out' }).waitFor();
    await page.goto('/me');
    await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.goto('/');
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await picture(page, 'entrance');
  });

  it('lets administrators end sessions and tokens, close an account, and read what happened', async () => {
    const [ben, ada] = [await at.signIn(/Ben/), await at.signIn(/Ada/)];
    const token = await makeToken(ben, 'nightly report');

    await go(ada, 'Tokens');
    const row = ada.locator('li', { hasText: 'nightly report' });
    await row.getByText('ben@example.com', { exact: true }).waitFor();
    await row.getByRole('button', { name: /^Revoke/ }).click();
    await row.getByRole('button', { name: /^Really revoke/ }).click();
    await row.waitFor({ state: 'detached' });
    expect(await statusWith(token)).toBe(401);

    await go(ada, 'People');
    const person = ada.locator('li', { hasText: 'Ben Engineer' });
    await person.getByRole('button', { name: /^Close account/ }).click();
    await person.getByRole('button', { name: /^Really close account/ }).click();
    await person.getByText('closed', { exact: true }).waitFor();
    await ben.getByRole('heading', { name: 'You have been signed out' }).waitFor();
    await go(ada, 'Sessions');
    await ada.locator('li', { hasText: 'ada@example.com' }).first().waitFor();
    expect(await ada.locator('li', { hasText: 'ben@example.com' }).count()).toBe(0);

    await go(ada, 'Audit trail');
    await ada.locator('li', { hasText: 'person.blocked' }).getByText('ben@example.com').waitFor();
    await go(ada, 'People');
    await person.getByRole('button', { name: /^Open account/ }).click();
    await person.getByText('closed', { exact: true }).waitFor({ state: 'detached' });
  });

  it('gives administrators both files: who may do what, and all that happened', async () => {
    const page = await at.signIn(/Ada/, { to: '/me#people' });
    expect(await download(page, 'Access review (CSV)')).toContain('"ada@example.com"');
    await go(page, 'Audit trail');
    const rows = (await download(page, 'Export')).trim().split('\n');
    expect(JSON.parse(rows.at(-1)!).seq).toBe(1);
  });

  it.each([
    ['light', 1100],
    ['dark', 1100],
    ['light', 390],
  ] as const)(
    'has nothing that axe finds fault with, and runs over no edge: %s, %d px wide',
    async (colorScheme, width) => {
      const name = width < 700 ? 'narrow' : colorScheme;
      const page = await at.signIn(/Ada/, { colorScheme, viewport: { width, height: 640 } });
      await makeToken(page, `report ${name}`);
      expect(await axeViolations(page)).toEqual([]);
      await picture(page, `account-${name}`);
      await page.getByRole('button', { name: 'Done' }).click();
      await page.getByRole('button', { name: 'New token' }).click();
      expect(await axeViolations(page)).toEqual([]);
      await picture(page, `new-token-${name}`);
      await page.getByRole('button', { name: 'Cancel' }).click();
      for (const section of ['People', 'Sessions', 'Tokens', 'Audit trail']) {
        await go(page, section);
        await page.locator('.rows > li').first().waitFor();
        expect(await axeViolations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        await picture(page, `${section.toLowerCase().replace(' ', '-')}-${name}`);
      }
    },
  );
});

describeInChromium(
  'the account page of a company of many people',
  (at) => {
    const names = (page: Page) => page.locator('.rows .name b').allTextContents();
    const status = (page: Page, text: string) => page.getByRole('status').getByText(text, { exact: true }).waitFor();

    it('leads through them page by page, by keyboard', async () => {
      const page = await at.signIn(/Ada/, { to: '/me#people' });
      await status(page, 'Page 1 of 5');
      const first = await names(page);
      expect(first).toHaveLength(25);
      const next = page.getByRole('button', { name: 'Next' });
      await next.focus();
      for (const here of [2, 3, 4, 5, 5]) {
        await page.keyboard.press('Enter');
        await status(page, `Page ${here} of 5`);
      }
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Next');
      expect(first).not.toContain((await names(page))[0]);
    });

    it.each([
      ['People', 'keller anna', 'Anna Keller'],
      ['Sessions', 'anna.keller@example.com', 'anna.keller@example.com'],
      ['Tokens', 'anna.keller status', 'nothing'],
      ['Tokens', 'anna.keller', 'deploy script'],
    ])('finds somebody among the %s: %s', async (section, words, found) => {
      const page = await at.signIn(/Ada/, { to: `/me#${section.toLowerCase()}` });
      await page.getByRole('searchbox').fill(words);
      await status(page, found === 'nothing' ? '0 found' : '1 found');
      if (found === 'nothing') await page.getByText('Nothing has all of these words.').waitFor();
      else expect(await names(page)).toEqual([found]);
    });

    it('leads back in the audit trail, and to what one person has done', async () => {
      const [ben, page] = [await at.signIn(/Ben/), await at.signIn(/Ada/, { to: '/me#audit' })];
      await Promise.all(Array.from({ length: 60 }, () => ben.request.get('/admin/people')));
      const rows = page.locator('.trail > li');
      const isFull = async () => {
        await page.reload();
        await rows.first().waitFor();
        return (await rows.filter({ hasNotText: 'access.refused' }).count()) === 0;
      };
      while (!(await isFull())); // what was refused is written down a moment later
      await page.getByRole('button', { name: 'Older' }).press('Enter');
      await rows.filter({ hasText: 'session.opened' }).first().waitFor();
      await page.getByRole('button', { name: 'Newer' }).press('Enter');

      await page
        .getByRole('button', { name: /^ben@example.com/ })
        .first()
        .press('Enter');
      await page.getByRole('button', { name: /^By ben@example.com/ }).waitFor();
      await page.getByLabel('Which actions').selectOption('access.refused');
      await page.getByRole('searchbox').fill('GET /admin/people');
      await page.getByRole('button', { name: 'Older' }).press('Enter');
      await rows.nth(10).waitFor({ state: 'detached' });
      for (const row of await rows.allTextContents()) expect(row).toMatch(/ben@example.com.*access.refused/);
    });

    it.each([
      ['light', 1100],
      ['dark', 390],
    ] as const)('has nothing there that axe finds fault with: %s, %d px wide', async (colorScheme, width) => {
      const page = await at.signIn(/Ada/, { colorScheme, viewport: { width, height: 640 } });
      for (const section of ['People', 'Sessions', 'Tokens', 'Audit trail']) {
        await go(page, section);
        await page.locator('.rows > li').first().waitFor();
        expect(await axeViolations(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        await picture(page, `many-${section.toLowerCase().replace(' ', '-')}-${colorScheme}`);
      }
    });
  },
  (at) => at.start(theirProvider, (folder) => manyPeople(`${folder}-data`)),
);
