// Signing in with the company account: the built extension in real Chromium, the whole product, the development provider.
import type { Page } from 'playwright-core';
import { integration, Product } from '../e2e/product.ts';
import { type Browsing, chromiumHere, startBrowser, stopWorker } from './testing/browser.ts';
import { signInAs } from './testing/choose-person.ts';
import { LocalSites } from './testing/local-sites.ts';
import { SeenBar } from './testing/seen-bar.ts';

const PLACE = integration(
  'page-place',
  `return [{ type: 'text', content: 'At ' + context.page.section.name }];`,
  'cache: 0',
);

(chromiumHere === undefined ? describe.skip : describe)('signing in with the company account, in Chromium', () => {
  let sites: LocalSites;
  let browsing: Browsing;
  let product: Product;
  let gateway: string;

  beforeAll(async () => {
    sites = await LocalSites.start();
    product = await Product.start({ 'place.integration.js': PLACE });
    gateway = product.url.replace('127.0.0.1', 'localhost');
    browsing = await startBrowser(sites.rules);
  }, 90_000);
  afterEach(async () => {
    const settings = await browsing.openSettings();
    await settings.getByRole('button', { name: 'Remove' }).click();
    await settings.getByLabel('Address of the gateway').waitFor();
    await browsing.context.clearCookies();
    for (const page of browsing.context.pages()) if (page !== settings) await page.close();
  }, 60_000);
  afterAll(async () => {
    await browsing?.stop();
    await product?.stop();
    sites?.stop();
  }, 60_000);

  const settingsWithGateway = async (address = gateway) => {
    const settings = await browsing.openSettings();
    await settings.getByLabel('Address of the gateway').fill(address);
    await settings.getByRole('button', { name: 'Add', exact: true }).click();
    return settings;
  };
  const openRepository = async () => {
    const page = await browsing.context.newPage();
    await page.goto('https://github.com/acme/webshop');
    return { page, bar: await SeenBar.on(page) };
  };
  /** As pages of the extension's own can read it. */
  const kept = (settings: Page, area: 'local' | 'session') =>
    settings.evaluate<Record<string, unknown>>(`chrome.storage.${area}.get()`);

  it('goes on where the worker was stopped while the person chose', async () => {
    const settings = await settingsWithGateway();
    const opened = browsing.context.waitForEvent('page');
    await settings.getByRole('button', { name: 'Sign in with your company account' }).click();
    const provider = await opened;
    await provider.getByRole('button', { name: 'Ben Engineer' }).waitFor();
    await stopWorker(settings);
    await provider.getByRole('button', { name: 'Ben Engineer' }).click();
    await settings.getByText('Signed in as ben@example.com').waitFor();
  }, 60_000);

  it('renews by itself, once for all who ask, after a stop of the worker too', async () => {
    const settings = await settingsWithGateway();
    await signInAs('Ada Admin', settings, browsing);
    await settings.getByText('It knows your token').waitFor();
    const { page, bar } = await openRepository();
    await bar.find('StaticText', 'At code');
    const before = await kept(settings, 'local');
    await settings.evaluate('chrome.storage.session.clear()'); // as if the browser had been started anew
    await stopWorker(page);
    await page.getByRole('link', { name: 'Issues' }).click();
    await bar.find('StaticText', 'At issues');
    const after = await kept(settings, 'local');
    const refreshOf = (all: Record<string, unknown>) =>
      Object.entries(all).find(([name]) => name.startsWith('account:'))![1] as { refresh: string };
    expect(refreshOf(after).refresh).not.toBe(refreshOf(before).refresh);
  }, 60_000);

  it('keeps tokens from pages, and from what is written where pages’ processes read', async () => {
    const settings = await settingsWithGateway();
    await signInAs('Ada Admin', settings, browsing);
    await settings.getByText('It knows your token').waitFor();
    const { page, bar } = await openRepository();
    await bar.find('StaticText', 'At code');
    const tokens = JSON.stringify([await kept(settings, 'local'), await kept(settings, 'session')]).match(
      /eyJ[\w.-]+|[\w-]{22}\.[\w-]{43}\.[\w-]{22}/g,
    )!;
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) {
      expect(await page.content()).not.toContain(token);
      expect(product.log).not.toContain(token);
    }
    for (const each of browsing.context.pages()) expect(each.url()).not.toMatch(/eyJ|refresh/);
  }, 60_000);

  it('is signed out when the session is ended elsewhere, and says so', async () => {
    const settings = await settingsWithGateway();
    await signInAs('Ada Admin', settings, browsing);
    await settings.getByText('It knows your token').waitFor();
    const { page, bar } = await openRepository();
    await bar.find('StaticText', 'At code');
    const { refresh } = Object.values(await kept(settings, 'local')).find(
      (each) => (each as { refresh?: string }).refresh,
    ) as {
      refresh: string;
    };
    const body = new URLSearchParams({ client_id: 'fingerpost-extension', token: refresh });
    await fetch(`${gateway}/oauth/revoke`, { method: 'POST', body });
    await page.getByRole('link', { name: 'Issues' }).click();
    await bar.find('StaticText', 'Signed out');
    await settings.reload();
    await settings.getByText('Your sign-in has ended').waitFor();
  }, 60_000);

  it('stays signed in while the gateway is away', async () => {
    const settings = await settingsWithGateway();
    await signInAs('Ada Admin', settings, browsing);
    await settings.getByText('It knows your token').waitFor();
    await settings.evaluate('chrome.storage.session.clear()');
    await browsing.context.setOffline(true);
    await settings.getByRole('button', { name: 'Check connection' }).click();
    await settings.getByText('Nobody answers').waitFor();
    await browsing.context.setOffline(false);
    await settings.getByRole('button', { name: 'Check connection' }).click();
    await settings.getByText('It knows your token').waitFor();
  }, 60_000);

  it('signs out here and at the gateway', async () => {
    const settings = await settingsWithGateway();
    await signInAs('Ada Admin', settings, browsing);
    await settings.getByText('It knows your token').waitFor();
    const { refresh } = Object.values(await kept(settings, 'local')).find(
      (each) => (each as { refresh?: string }).refresh,
    ) as {
      refresh: string;
    };
    await settings.getByRole('button', { name: 'Sign out' }).click();
    await settings.getByRole('button', { name: 'Sign in with your company account' }).waitFor();
    expect(JSON.stringify([await kept(settings, 'local'), await kept(settings, 'session')])).not.toContain(refresh);
    const body = new URLSearchParams({
      client_id: 'fingerpost-extension',
      grant_type: 'refresh_token',
      refresh_token: refresh,
    });
    expect((await fetch(`${gateway}/oauth/token`, { method: 'POST', body })).status).toBe(400);
  }, 60_000);

  it('uses a tab where the browser has no window for it', async () => {
    const settings = await settingsWithGateway();
    await settings.evaluate(`Object.defineProperty(chrome, 'identity', { value: undefined }), true`);
    await signInAs('Ada Admin', settings, browsing);
    await settings.getByText('Signed in as ada@example.com').waitFor();
    expect(browsing.context.pages().some((page) => page.url().includes('/oauth/landing'))).toBe(false);
  }, 60_000);

  it('stays signed out when the person closes the window', async () => {
    const settings = await settingsWithGateway();
    const opened = browsing.context.waitForEvent('page');
    await settings.getByRole('button', { name: 'Sign in with your company account' }).click();
    await (await opened).close();
    await settings.getByText('The sign-in was not finished').waitFor();
  }, 60_000);

  it('says so where no gateway answers', async () => {
    const settings = await settingsWithGateway('http://localhost:1');
    await settings.getByRole('button', { name: 'Sign in with your company account' }).click();
    await settings.getByText('does not answer as a gateway does').waitFor();
    if (process.env.FINGERPOST_PICTURES)
      await settings.screenshot({ path: `${process.env.FINGERPOST_PICTURES}/sign-in.png` });
  }, 60_000);
});
