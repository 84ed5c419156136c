/** Debian's Firefox with the built extension, which sees the local sites under their real names. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findServer } from '@fingerpost/platform/testing';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { copyBuilt } from './built-extension.ts';

export const firefoxHere = findServer('firefox-esr');

export interface FirefoxBrowsing {
  browser: Browser;
  /** The settings, as they open by themselves after installation: no program may go there. */
  settings: Page;
  stop(): Promise<void>;
}

export async function startFirefox(port: number): Promise<FirefoxBrowsing> {
  const folder = await mkdtemp(join(tmpdir(), 'fingerpost-firefox-'));
  const extension = join(folder, 'extension');
  await copyBuilt('firefox-mv3', extension, { grants: [], opensShadowRoots: true });
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefoxHere,
    headless: true,
    acceptInsecureCerts: true,
    extraPrefsFirefox: {
      'network.dns.forceResolve': '127.0.0.1',
      'network.socket.forcePort': `443=${port}`,
      // What a person is asked when a site is switched on is answered with yes.
      'extensions.webextOptionalPermissionPrompts': false,
      'extensions.background.idle.timeout': 3_000, // ms; half a minute otherwise
    },
  });
  await browser.installExtension(extension);
  return {
    browser,
    settings: await settingsOf(browser),
    stop: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function settingsOf(browser: Browser): Promise<Page> {
  for (;;) {
    for (const page of await browser.pages())
      if (await page.evaluate(() => location.pathname === '/options.html').catch(() => false)) return page;
    await sleep(100);
  }
}
