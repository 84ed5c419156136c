// `npm run extension -- pictures`: icons, pictures for the docs, and what the stores ask for (dist/store). Of the built extension in
// Chromium, at local pages, with the demo's answers.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { type Browsing, chromiumHere, startBrowser } from '../testing/browser.ts';
import { LocalSites } from '../testing/local-sites.ts';
import { SeenBar } from '../testing/seen-bar.ts';
import { writeListing } from './listing.ts';

const FOLDER = process.argv[2] ?? join(import.meta.dirname, '../../docs/images/extension');
const REPOSITORY = 'https://github.com/acme/webshop';
const FUNCTION =
  'https://eu-central-1.console.aws.amazon.com/lambda/home?region=eu-central-1#/functions/webshop-checkout';
const WIKI = 'https://wiki.acme.dev/runbooks/webshop';

interface Picture {
  name: string;
  address: string;
  width?: number;
  theme?: 'light' | 'dark';
  floats?: boolean;
  debugs?: boolean;
  prepare?(bar: SeenBar, page: Page): Promise<unknown>;
}

const PICTURES: Picture[] = [
  { name: 'repository', address: REPOSITORY },
  { name: 'repository-dark', address: REPOSITORY, theme: 'dark', prepare: (bar) => bar.press('button', 'Deployments') },
  { name: 'repository-narrow', address: REPOSITORY, width: 400, prepare: (bar) => bar.press('button', /more$/) },
  { name: 'console', address: FUNCTION },
  { name: 'console-dark-floating', address: FUNCTION, theme: 'dark', floats: true },
  { name: 'narrow-floating', address: REPOSITORY, width: 400, floats: true },
  { name: 'harsh-page', address: WIKI },
  { name: 'debugging', address: FUNCTION, debugs: true },
];

const sites = await LocalSites.start();
await mkdir(FOLDER, { recursive: true });
await drawIcons();
for (const theme of ['light', 'dark'] as const) {
  const browsing = await startBrowser(sites.rules, { colorScheme: theme });
  try {
    for (const picture of PICTURES.filter((each) => (each.theme ?? 'light') === theme)) await take(browsing, picture);
    await takeSettings(browsing, theme);
  } finally {
    await browsing.stop();
  }
}
sites.stop();

const store = join(import.meta.dirname, '../dist/store');
await mkdir(store, { recursive: true });
await writeFile(join(store, 'listing.txt'), await writeListing());
for (const { name, width } of PICTURES)
  if (width === undefined) await copyFile(join(FOLDER, `${name}.png`), join(store, `${name}.png`));

async function take(
  browsing: Browsing,
  { name, address, width = 1280, floats = false, debugs = false, prepare }: Picture,
) {
  const settings = await browsing.openSettings();
  await settings.getByLabel('Demo').setChecked(true);
  await settings.getByLabel(floats ? 'Floating' : 'At the top of the page').check();
  await settings.getByLabel('Show what is sent and heard').setChecked(debugs);
  await settings.close();

  const page = await browsing.context.newPage();
  await page.setViewportSize({ width, height: width < 800 ? 700 : 800 });
  await page.goto(address);
  const bar = await SeenBar.on(page);
  await bar.find('StaticText', /^Fingerpost: 5 insights/);
  await prepare?.(bar, page);
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  await page.close();
}

async function takeSettings(browsing: Browsing, theme: string) {
  const page = await browsing.openSettings();
  await page.setViewportSize({ width: 760, height: 880 });
  await page.getByRole('heading', { name: 'Display' }).waitFor();
  await page.screenshot({ path: join(FOLDER, `settings-${theme}.png`) });
  await page.close();
}

/** The signpost of the try page, in the sizes that browsers want. */
async function drawIcons() {
  const drawing = await readFile(join(import.meta.dirname, '../../console/public/signpost.svg'), 'utf8');
  const folder = join(import.meta.dirname, '../public/icon');
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: chromiumHere, chromiumSandbox: false });
  const page = await browser.newPage();
  for (const size of [16, 32, 48, 128]) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw}</style>${drawing}`);
    await page.screenshot({ path: join(folder, `${size}.png`), omitBackground: true });
  }
  await browser.close();
}
