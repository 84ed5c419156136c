// One engineer's way: from an extension that was just installed to a bar on every page, and through all that goes wrong on a working day.
// The built extension in real Chromium, the whole product, the development provider. FINGERPOST_PICTURES names a folder for pictures of it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Product } from '../e2e/product.ts';
import { type Browsing, chromiumHere, startBrowser, stopWorker } from './testing/browser.ts';
import { signInAs } from './testing/choose-person.ts';
import { GatewayDoor } from './testing/gateway-door.ts';
import { LocalSites } from './testing/local-sites.ts';
import { madeUpCompany } from './testing/made-up-company.ts';
import { SeenBar } from './testing/seen-bar.ts';

const FOLDER = process.env.FINGERPOST_PICTURES;
const REPOSITORY = 'https://github.com/acme/webshop';
const FUNCTION =
  'https://eu-central-1.console.aws.amazon.com/lambda/home?region=eu-central-1#/functions/webshop-checkout';

(chromiumHere === undefined ? describe.skip : describe)('an engineer’s way, in Chromium', () => {
  const door = new GatewayDoor();
  let sites: LocalSites;
  let product: Product;
  let browsing: Browsing;
  let settings: Page;
  let page: Page;
  let bar: SeenBar;

  beforeAll(async () => {
    sites = await LocalSites.start();
    await door.open();
    product = await Product.start(madeUpCompany(), {
      FINGERPOST_URL: door.url,
      FINGERPOST_DEVELOPMENT_PROVIDER: 'true',
    });
    door.target = product.url;
    browsing = await startBrowser(sites.rules);
    if (FOLDER !== undefined) await mkdir(FOLDER, { recursive: true });
  }, 120_000);
  afterAll(async () => {
    await browsing?.stop();
    door.close();
    await product?.stop();
    sites?.stop();
  }, 60_000);

  const picture = async (name: string, of: Page = page) => {
    if (FOLDER === undefined) return;
    await of.waitForTimeout(300); // whatever fades in has done so
    await of.screenshot({ path: join(FOLDER, `${name}.png`) });
  };
  const untilAllIsThere = () => bar.find('StaticText', /^Fingerpost: 6 insights/, 10_000);
  const goTo = async (tab: string) => {
    const { questions } = door;
    await page.getByRole('link', { name: tab }).click();
    while (door.questions === questions) await page.waitForTimeout(20);
    await page.waitForTimeout(200); // what is there now is what came before
    await untilAllIsThere();
  };
  const placeOf = async (name: string) => (await bar.box(await bar.find('link', name))).x;

  it('begins with a press and a choice at the provider: no token is pasted', async () => {
    settings = await browsing.openSettings();
    await settings.setViewportSize({ width: 760, height: 720 });
    await settings.getByLabel('Address of the gateway').fill(door.url);
    await settings.getByRole('button', { name: 'Add', exact: true }).click();
    await settings.getByRole('button', { name: 'Sign in with your company account' }).waitFor();
    await picture('1-before', settings);
    await signInAs('Ada Admin', settings, browsing);
    await settings.getByText('Signed in as ada@example.com').waitFor();
    await settings.getByText('It serves github').waitFor();
    await settings.getByRole('button', { name: 'Switch off github' }).waitFor();
    await settings.setViewportSize({ width: 760, height: 900 });
    await picture('2-signed-in', settings);
  }, 60_000);

  it('sees each insight the moment it is there, and a place held for those still coming', async () => {
    page = await browsing.context.newPage();
    bar = await SeenBar.on(page);
    await page.goto(REPOSITORY);
    await bar.find('link', 'good: No open incident');
    await bar.find('link', 'Logs');
    expect(await bar.isThere('link', '99.97 % this month')).toBe(false);
    const before = await placeOf('Logs');
    await picture('3-arriving');
    await untilAllIsThere();
    await picture('4-repository');
    expect(Math.abs((await placeOf('Logs')) - before)).toBeLessThan(60);
  }, 60_000);

  it('goes on to another tab of the repository, which loads no page, and the bar goes along', async () => {
    const [{ questions }, first] = [door, await bar.find('toolbar', /known about this page/)];
    await goTo('Issues');
    expect(door.questions).toBe(questions + 1);
    expect((await bar.find('toolbar', /known about this page/)).backendId).toBe(first.backendId);
    await picture('5-issues');
  }, 60_000);

  it('opens a dropdown by keyboard, and a link of it', async () => {
    await bar.focus('link', 'good: No open incident');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await bar.focused()).toBe('Deployments');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await bar.focused()).toBe('relevant: Production US: v4.18.1');
    await picture('6-dropdown');
    const opened = browsing.context.waitForEvent('page');
    await page.keyboard.press('Enter');
    await (await opened).close();
    expect(await bar.focused()).toBe('Deployments');
  }, 60_000);

  it('works at night: the bar follows the page into the dark, while it is open', async () => {
    const light = await backOf(page);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForTimeout(600);
    expect(await backOf(page)).not.toBe(light);
    await picture('7-dark');
  }, 60_000);

  it('lets the bar float', async () => {
    await bar.press('button', 'Let the bar float');
    await bar.find('button', /^Move the bar/);
    await page.mouse.move(600, 400);
    await picture('8-floating-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.waitForTimeout(600);
    await picture('9-floating');
    await bar.press('button', 'Put the bar at the top of the page');
    await bar.gone('button', /^Move the bar/);
  }, 60_000);

  it('sees the same in the cloud console, below its navigation', async () => {
    await page.goto(FUNCTION);
    await untilAllIsThere();
    const { y, height } = await bar.box(await bar.find('toolbar', /known about this page/));
    expect([y, height]).toEqual([42, 38]);
    await picture('10-console');
    await page.setViewportSize({ width: 480, height: 800 });
    await bar.press('button', /more$/);
    await picture('11-narrow');
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 1280, height: 800 });
  }, 60_000);

  it('loses nothing when the browser stops the worker, between two pages and in the middle of an answer', async () => {
    await page.goto(REPOSITORY);
    await bar.find('link', 'Logs');
    await stopWorker(page);
    await untilAllIsThere();
    await stopWorker(page);
    await goTo('Actions');
  }, 60_000);

  it('has the last known answer while the gateway is away, marked as such, and a fresh one when it is back', async () => {
    door.close();
    await page.reload();
    await bar.find('StaticText', 'The gateway cannot be reached');
    await bar.find('link', /^good: No open incident ?, older answer$/);
    await picture('12-gateway-away');
    await door.open();
    await bar.gone('alert', /.*/, 10_000);
    await bar.find('link', 'good: No open incident');
    await untilAllIsThere();
  }, 60_000);

  it('is told when signed out, knows nothing then, and goes on by itself once signed in again', async () => {
    await settings.bringToFront();
    await settings.getByRole('button', { name: 'Sign out' }).click();
    await settings.getByRole('button', { name: 'Sign in with your company account' }).waitFor();
    await page.bringToFront();
    await bar.find('StaticText', 'Signed out');
    expect(await bar.isThere('link', 'Team Checkout')).toBe(false);
    await picture('13-signed-out');
    // The browser has a session at the gateway still: this time nobody is asked anything.
    await settings.getByRole('button', { name: 'Sign in with your company account' }).click();
    await settings.getByText('Signed in as ada@example.com').waitFor();
    await bar.find('link', 'Team Checkout');
  }, 60_000);
});

/** What the middle of the bar is painted with. */
const backOf = async (page: Page) =>
  (await page.screenshot({ clip: { x: 900, y: 10, width: 20, height: 10 } })).toString('base64');
