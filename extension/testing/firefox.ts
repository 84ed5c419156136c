/** Debian's Firefox with the built extension, which sees the local sites under their real names. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findServer } from '@fingerpost/platform/testing';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { GRANTED } from './browser.ts';

export const firefoxHere = findServer('firefox-esr');
const BUILT = join(import.meta.dirname, '../dist/firefox-mv3');

export interface FirefoxBrowsing {
  browser: Browser;
  /** The settings, as they open by themselves after installation: no program may go there. */
  settings: Page;
  stop(): Promise<void>;
}

export async function startFirefox(port: number): Promise<FirefoxBrowsing> {
  const folder = await mkdtemp(join(tmpdir(), 'fingerpost-firefox-'));
  const extension = join(folder, 'extension');
  await cp(BUILT, extension, { recursive: true });
  const manifest = JSON.parse(await readFile(join(extension, 'manifest.json'), 'utf8'));
  await writeFile(join(extension, 'manifest.json'), JSON.stringify({ ...manifest, host_permissions: GRANTED }));
  await openShadowRoots(extension);

  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefoxHere,
    headless: true,
    acceptInsecureCerts: true,
    extraPrefsFirefox: {
      'network.dns.forceResolve': '127.0.0.1',
      'network.socket.forcePort': `443=${port}`,
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
    await wait(100);
  }
}

/** Here a test cannot see into closed ones by the accessibility tree; in Chromium that they are closed is tested. */
async function openShadowRoots(extension: string): Promise<void> {
  for (const file of (await readdir(extension)).filter((name) => name === 'bar.js')) {
    const program = await readFile(join(extension, file), 'utf8');
    await writeFile(join(extension, file), program.replace(/mode:\s*(["'`])closed\1/, 'mode:"open"'));
  }
}
