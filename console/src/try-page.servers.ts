// The built page in a real browser, against a small gateway that streams when the test says so.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findServer } from '@fingerpost/platform/testing';
import { type Browser, chromium, type Page } from 'playwright-core';
import { axeViolations } from '../../e2e/axe-violations.ts';
import { SmallGateway, TOKEN } from './testing/small-gateway.ts';

const consoleFolder = join(import.meta.dirname, '..');
const program = findServer('chromium');

(program === undefined ? describe.skip : describe)('the try page in Chromium', () => {
  let folder: string;
  let browser: Browser;
  let gateway: SmallGateway;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-console-'));
    const vite = join(consoleFolder, '../node_modules/vite/bin/vite.js');
    const options = ['build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
    await promisify(execFile)(process.execPath, [vite, ...options], { cwd: consoleFolder });
    browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    gateway = await SmallGateway.start(folder);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    complaints.length = 0;
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on(
      'console',
      (message) => message.text().includes('Content Security Policy') && complaints.push(message.text()),
    );
  });
  afterEach(async () => {
    await page.close();
    gateway.stop();
    expect(complaints).toEqual([]);
  });

  const open = () => page.goto(`${gateway.url}/#token=${TOKEN}`);
  const chip = (text: string) => page.locator('.chip', { hasText: text });
  const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent);

  it('takes the token out of the address and sends it as a header only', async () => {
    await open();
    await chip('Team Checkout').waitFor();
    expect(page.url()).toBe(`${gateway.url}/`);
    expect(gateway.asked.every(({ url }) => !url.includes(TOKEN))).toBe(true);
  });

  it('asks for the token, and again when it is refused', async () => {
    await page.goto(gateway.url);
    await page.getByLabel('Paste the API token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByLabel('The gateway refused that token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await chip('Team Checkout').waitFor();
  });

  it('needs no token from whoever is signed in, and sends none', async () => {
    gateway.person = { subject: 'person:ada', email: 'ada@example.com', groups: [], roles: ['viewer'] };
    await open();
    await chip('Team Checkout').waitFor();
    expect(await page.getByLabel(/token/).count()).toBe(0);
    expect(gateway.asked.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    expect(await page.getByRole('link', { name: 'ada@example.com' }).getAttribute('href')).toBe('/me');

    gateway.person = undefined;
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${gateway.url}/#signed-out`);
  });

  it('offers to sign in where somebody can', async () => {
    await page.goto(gateway.url);
    await page.getByLabel('Paste the API token').waitFor();
    expect(await page.getByRole('link', { name: 'Sign in' }).count()).toBe(0);
    gateway.providers = [{ name: 'company', label: 'Company' }];
    await page.reload();
    const link = page.getByRole('link', { name: 'Sign in' });
    expect(await link.getAttribute('href')).toBe('/sign-in?return_to=%2F');
  });

  it('keeps the order of priority and holds a place for the slow one', async () => {
    gateway.hold('owner');
    await open();
    await chip('Environments').waitFor();
    expect(await page.locator('.strip > .chip').first().getAttribute('class')).toContain('skeleton');
    gateway.release('owner');
    await chip('Team Checkout').waitFor();
    expect(await page.locator('.strip > .chip .label').allTextContents()).toEqual([
      'Team Checkout',
      'Environments',
      'flaky',
    ]);
  });

  it('is walked with the arrow keys; a dropdown opens, filters and closes', async () => {
    await open();
    await chip('flaky').waitFor();
    await chip('Team Checkout').focus();
    await page.keyboard.press('End');
    expect(await focused()).toContain('flaky');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toContain('Production EU');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toContain('Production US');
    await page.keyboard.type('stag');
    expect(await page.locator('.panel .row').allTextContents()).toEqual(['Staging']);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await page.locator('.panel').count()).toBe(0);
    expect(await focused()).toContain('Environments');
    await page.keyboard.press('Home');
    expect(await focused()).toContain('Team Checkout');
  });

  it('says why one failed and tries that one again', async () => {
    await open();
    await chip('flaky').click();
    await page.getByText('took longer than 5 s').first().waitFor();
    gateway.heal();
    await page.getByRole('button', { name: 'Try again' }).click();
    await chip('recovered').waitFor();
    expect(await focused()).toBe('Team Checkout');
    expect(await chip('Team Checkout').count()).toBe(1);
  });

  it('tells an author where and why, and what to do, where the gateway does', async () => {
    await open();
    await chip('flaky').waitFor();
    expect(await page.getByText('x is undefined').count()).toBe(0);
    gateway.isTelling = true;
    await page.reload();
    await page.getByText('x is undefined').waitFor();
    expect(await page.locator('.why').textContent()).toMatch(
      /flaky\.integration\.ts:6:15 x is undefined\s*Look at x\.\s*version 0a1b2c/,
    );
  });

  it('moves what finds no room into a panel', async () => {
    await page.setViewportSize({ width: 280, height: 700 });
    await open();
    await page.getByRole('button', { name: /more$/ }).click();
    await page.locator('.panel .heading', { hasText: 'Environments' }).waitFor();
    const { x, width } = (await page.locator('.panel').boundingBox())!;
    expect(x >= 0 && x + width <= 280).toBe(true);
  });

  it('sends a context that was changed by hand, and shows what is wrong with it', async () => {
    await open();
    await page.getByLabel('Context as JSON').fill('{ "type": "github" }');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('must be an absolute http or https address').waitFor();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe finds fault with, the bar and an open panel included: %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await open();
      await chip('Environments').click();
      await page.locator('.panel .row').first().waitFor();
      expect(await axeViolations(page)).toEqual([]);
    },
  );

  it('asks no more when nobody looks any more, so that a session can end', async () => {
    const looks = () => gateway.asked.filter(({ url }) => url === '/catalogue').length;
    await page.clock.install();
    await open();
    await chip('Team Checkout').waitFor();
    await page.clock.fastForward('16:00');
    const before = looks();
    await page.clock.runFor(30_000);
    expect(looks()).toBe(before);
    await page.mouse.move(200, 200);
    for (let times = 0; times < 20 && looks() === before; times++) await page.clock.runFor(5_000);
    expect(looks()).toBeGreaterThan(before);
  });

  it('lists the catalogue with the place of a fault', async () => {
    await open();
    await page.getByText('broken.integration.js:3:7').waitFor();
  });
});
