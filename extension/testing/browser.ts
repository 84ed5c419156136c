/** Chromium with the built extension, which sees the local sites under their real names. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findServer } from '@fingerpost/platform/testing';
import { type BrowserContext, chromium, type Page, type Worker } from 'playwright-core';
import { type BuiltOptions, copyBuilt } from './built-extension.ts';

export const chromiumHere = findServer('chromium');

export interface Browsing {
  context: BrowserContext;
  /** `chrome-extension://<id>` */
  root: string;
  openSettings(): Promise<Page>;
  stop(): Promise<void>;
}

interface BrowserOptions extends BuiltOptions {
  colorScheme?: 'light' | 'dark';
  /** a program that is started in Chromium's place */
  program?: string;
}

export async function startBrowser(rules: string, options: BrowserOptions = {}): Promise<Browsing> {
  const folder = await mkdtemp(join(tmpdir(), 'fingerpost-chromium-'));
  const extension = join(folder, 'extension');
  await copyBuilt('chrome-mv3', extension, options);
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: options.program ?? chromiumHere,
    headless: true,
    chromiumSandbox: false,
    viewport: { width: 1280, height: 800 },
    ignoreHTTPSErrors: true,
    reducedMotion: 'reduce',
    colorScheme: options.colorScheme ?? 'light',
    args: [
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
      `--host-resolver-rules=${rules}`,
      '--ignore-certificate-errors',
    ],
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const root = `chrome-extension://${new URL(worker.url()).hostname}`;
  await untilWelcomed(context, root);
  return {
    context,
    root,
    openSettings: async () => {
      const page = await context.newPage();
      await page.goto(`${root}/options.html`);
      return page;
    },
    stop: async () => {
      await context.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The settings open by themselves after installation, in whatever tab is empty: nobody should be using it yet. */
async function untilWelcomed(context: BrowserContext, root: string): Promise<void> {
  while (!context.pages().some((page) => page.url().startsWith(root))) await sleep(20);
  for (const page of context.pages()) if (page.url().startsWith(root)) await page.waitForLoadState();
}

/** Signs in as a person does. */
export async function signIn({ openSettings }: Browsing, gateway: string, token: string): Promise<void> {
  const page = await openSettings();
  await page.getByLabel('Address of the gateway').fill(gateway);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await pasteToken(page, token);
  await page.getByText('Signed in with a pasted token').waitFor();
  await page.close();
}

/** In the settings, of somebody who is signed out. */
export async function pasteToken(settings: Page, token: string): Promise<void> {
  const field = settings.getByLabel('API token');
  if (!(await field.isVisible())) await settings.getByText('Use an API token').click();
  await field.fill(token);
  await settings.getByRole('button', { name: 'Use it' }).click();
}

/** The background worker, started by a page of ours if it sleeps. */
export async function workerOf({ context, openSettings }: Browsing): Promise<Worker> {
  const running = context.serviceWorkers()[0];
  if (running !== undefined) return running;
  const started = context.waitForEvent('serviceworker');
  await (await openSettings()).close();
  return started;
}

/** As the browser does with an idle worker, at the worst of moments. */
export async function stopWorker(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.detach();
}
