// The built extension in real Chromium, at pages named like the real ones, against the whole product.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { axeViolations } from '../e2e/axe-violations.ts';
import { integration, type Product, saying, TOKEN } from '../e2e/product.ts';
import { type Browsing, chromiumHere, pasteToken, workerOf } from './testing/browser.ts';
import { ExtensionAtWork } from './testing/extension-at-work.ts';
import { focusBar } from './testing/focus-bar.ts';
import type { GatewayDoor } from './testing/gateway-door.ts';
import type { SeenBar } from './testing/seen-bar.ts';

const OWNER = integration(
  'service-owner',
  `return [{ type: 'link', content: 'Team Checkout', href: 'https://acme.dev/team', icon: 'team', tooltip: context.page.repository }];`,
  'cache: 60, priority: 900',
);
const PLACE = integration(
  'page-place',
  `return [{ type: 'text', content: 'At ' + context.page.section.name }];`,
  'cache: 60, priority: 800',
);
const DEPLOYMENTS = integration(
  'deployments',
  `return [{ type: 'dropdown', content: 'Deployments', icon: 'rocket', items: ['Production EU', 'Production US', 'Staging'].map((content) => ({ content, href: 'https://acme.dev/' })) }];`,
  'cache: 60, priority: 700',
);
const FLAKY = integration('flaky-one', `throw new Error('not today');`).replace(
  "'page.repository': { exists: true }",
  "'page.repository': { equals: 'acme/flaky' }",
);
const RUNBOOK = `
module.exports = {
  metadata: { name: 'runbook', match: { contextType: 'generic', context: { url: { startsWith: 'https://wiki.acme.dev/' } } } },
  run: async () => [{ type: 'text', content: 'Checked in May' }],
};`;

(chromiumHere === undefined ? describe.skip : describe)('the extension in Chromium', () => {
  const extension = new ExtensionAtWork();
  let browsing: Browsing;
  let product: Product;
  let door: GatewayDoor;
  let page: Page;
  let bar: SeenBar;

  beforeAll(async () => {
    await extension.start(
      {
        'owner.integration.js': OWNER,
        'place.integration.js': PLACE,
        'deployments.integration.js': DEPLOYMENTS,
        'flaky.integration.js': FLAKY,
        'runbook.integration.js': RUNBOOK,
        'account.integration.js': saying('account', 'x')
          .replace("contextType: 'github'", "contextType: 'aws'")
          .replace(
            "'page.repository': { exists: true }",
            "'service.arn': { endsWith: ':function:checkout' }, 'global.accountId': { equals: '123456789012' }",
          ),
      },
      { FINGERPOST_SITE_PARTS_OFF: 'github.user' },
    );
    ({ browsing, product, door } = extension);
  }, 90_000);
  afterAll(() => extension.stop());
  beforeEach(async () => {
    ({ page, bar } = await extension.newTab());
  });
  afterEach(() => page.close());

  const open = (repository = 'acme/webshop') => page.goto(`https://github.com/${repository}`);

  it('shows what is known about the page', async () => {
    await open();
    const owner = await bar.find('link', /Team Checkout/);
    expect(owner.description).toBe('acme/webshop');
    await bar.find('StaticText', 'At code');
  });

  it('follows a single-page navigation that replaces the body, and keeps its place', async () => {
    await open();
    await bar.find('StaticText', 'At code');
    const before = await bar.box(await bar.find('toolbar', /known about this page/));
    await page.getByRole('link', { name: 'Issues' }).click();
    await bar.find('StaticText', 'At issues');
    expect(await bar.isThere('StaticText', 'At code')).toBe(false);
    expect(await bar.box(await bar.find('toolbar', /known about this page/))).toEqual(before);
    await page.goBack();
    await bar.find('StaticText', 'At code');
  });

  it('does not ask again when the page changes and tells the same', async () => {
    await open();
    await bar.find('StaticText', 'At code');
    const { questions } = door;
    await page.evaluate(() => document.querySelector('main')?.append('more'));
    await sleep(700);
    expect(door.questions).toBe(questions);
  });

  it('is used by keyboard alone, and its letters are no commands of the page', async () => {
    await open();
    await bar.find('StaticText', 'At code');
    await bar.focus('link', /Team Checkout/);
    await page.keyboard.press('End');
    expect(await bar.focused()).toBe('Deployments');
    await page.keyboard.press('ArrowDown');
    expect(await bar.focused()).toBe('Production EU');
    await page.keyboard.type('stag');
    await bar.find('link', 'Staging');
    expect(await bar.isThere('link', 'Production US')).toBe(false);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await bar.focused()).toBe('Deployments');
    expect(await page.evaluate(() => (window as unknown as { pressed: string[] }).pressed)).toEqual([]);
  });

  it('is reached by a key from anywhere on the page', async () => {
    await open();
    await bar.find('StaticText', 'At code');
    await page.getByLabel('Search').focus();
    await focusBar(await workerOf(browsing));
    expect(await bar.focused()).toBe('Team Checkout');
  });

  it('opens a link in a tab of its own that knows nothing of the page', async () => {
    await open();
    await bar.find('link', /Team Checkout/);
    const opened = browsing.context.waitForEvent('page');
    await bar.press('link', /Team Checkout/);
    const tab = await opened;
    expect(tab.url()).toMatch(/^(https:\/\/acme\.dev\/team|about:blank|chrome-error:)/);
    expect(await tab.evaluate(() => window.opener)).toBeNull();
    await tab.close();
  });

  it.each([
    ['at the top', false],
    ['floating', true],
  ])('opens what is pressed at the first press, with its tooltip showing or in a dropdown: %s', async (_, floats) => {
    await open();
    await bar.find('StaticText', 'At code');
    if (floats) {
      await bar.press('button', 'Let the bar float');
      await bar.find('button', /^Move the bar/);
    }
    const pressed = async (press: () => Promise<unknown>) => {
      const opened = browsing.context.waitForEvent('page', { timeout: 3_000 });
      await press();
      await (await opened).close();
    };
    const { x, y } = await bar.box(await bar.find('link', /Team Checkout/));
    await page.mouse.move(x + 30, y + 12);
    await sleep(700); // the tooltip is there
    await pressed(() => page.mouse.click(x + 30, y + 12));
    await bar.press('button', 'Deployments');
    await sleep(300);
    await pressed(() => bar.press('link', 'Production US'));
    if (floats) await bar.press('button', 'Put the bar at the top of the page');
  });

  it('floats where it was put, on the next page too', async () => {
    await open();
    await bar.press('button', 'Let the bar float');
    await bar.focus('button', /^Move the bar/);
    for (let step = 0; step < 8; step++) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowLeft');
    const moved = await bar.box(await bar.find('toolbar', /known about this page/));
    await sleep(600);
    await open('acme/webshop/issues');
    await bar.find('StaticText', 'At issues');
    const there = await bar.box(await bar.find('toolbar', /known about this page/));
    expect(Math.abs(there.y - moved.y)).toBeLessThan(3);
    const grip = await bar.box(await bar.find('button', /^Move the bar/));
    await page.mouse.move(grip.x + 5, grip.y + 5);
    await page.mouse.down();
    await page.mouse.move(grip.x + 5, 100, { steps: 4 });
    await page.mouse.up();
    expect((await bar.box(await bar.find('toolbar', /known about this page/))).y).toBeLessThan(110);
    await bar.press('button', 'Put the bar at the top of the page');
    await bar.gone('button', /^Move the bar/);
  });

  it('is hidden with one press, and comes back from the settings without a reload', async () => {
    await open();
    await bar.find('StaticText', 'At code');
    await bar.press('button', /^Hide on github.com/);
    await bar.gone('toolbar', /known about this page/);
    const settings = await browsing.openSettings();
    const again = settings.getByRole('button', { name: 'Show again' });
    await again.click();
    await again.waitFor({ state: 'detached' });
    await settings.close();
    await bar.find('StaticText', 'At code');
  });

  it('says that one is signed out, and goes on by itself after signing in', async () => {
    await open();
    await bar.find('StaticText', 'At code');
    const settings = await browsing.openSettings();
    await settings.getByRole('button', { name: 'Sign out' }).click();
    await settings.getByText('Use an API token').waitFor();
    await page.reload();
    await bar.find('StaticText', 'Signed out');
    await bar.find('button', 'Open settings');
    expect(await bar.isThere('link', /Team Checkout/)).toBe(false);

    await pasteToken(settings, 'wrong');
    await settings.getByText('It does not know your token').waitFor();
    await pasteToken(settings, TOKEN);
    await settings.getByText('It serves github').waitFor();
    await settings.close();
    await bar.find('link', /Team Checkout/);
  });

  it('tries a failed one again', async () => {
    await open('acme/flaky');
    const { entries } = await product.catalogue();
    await product.write(
      'flaky.integration.js',
      FLAKY.replace("throw new Error('not today')", "return [{ type: 'text', content: 'Healed' }]"),
    );
    await product.until(async () => JSON.stringify((await product.catalogue()).entries) !== JSON.stringify(entries));
    await bar.press('button', /flaky-one/);
    await bar.press('button', 'Try again');
    await bar.find('StaticText', 'Healed');
  });

  it('reads the console, waits for the ARN, and keeps what is at its foot in view', async () => {
    await page.goto('https://eu-central-1.console.aws.amazon.com/lambda/home#/functions/checkout');
    await bar.find('StaticText', 'x');
    const { y, height } = await bar.box(await bar.find('toolbar', /known about this page/));
    expect([y, height]).toEqual([42, 38]);
    const foot = await page.locator('footer').boundingBox();
    expect(foot!.y + foot!.height).toBeLessThanOrEqual(800);
  });

  it('knows any page that an integration names', async () => {
    await page.goto('https://wiki.acme.dev/webshop');
    await bar.find('StaticText', 'Checked in May');
  });

  it('asks another gateway when another is chosen, and none that was removed', async () => {
    await open();
    await bar.find('StaticText', 'At code');
    const settings = await browsing.openSettings();
    await settings.getByRole('button', { name: 'Add another gateway' }).click();
    await settings.getByLabel('Address of the gateway').fill(product.url);
    await settings.getByRole('button', { name: 'Add', exact: true }).click();
    await bar.find('StaticText', 'Signed out');
    await pasteToken(settings, TOKEN);
    await bar.find('link', /Team Checkout/);
    const { questions } = door;
    await page.getByRole('link', { name: 'Issues' }).click();
    await bar.find('StaticText', 'At issues');
    expect(door.questions).toBe(questions);

    await settings.getByRole('button', { name: 'Remove' }).last().click();
    await settings.close();
    await page.getByRole('link', { name: 'Actions' }).click();
    await bar.find('StaticText', 'At actions');
    expect(door.questions).toBeGreaterThan(questions);
  });

  it('has a demo that asks nobody', async () => {
    const settings = await browsing.openSettings();
    await settings.getByLabel('Demo').check();
    const { questions } = door;
    await open();
    await bar.find('StaticText', /^Fingerpost: 5 insights/);
    expect(door.questions).toBe(questions);
    await settings.getByLabel('Demo').uncheck();
    await bar.find('StaticText', 'At code');
    await settings.close();
  });

  it('has settings in which axe finds nothing', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const settings = await browsing.openSettings();
      await settings.emulateMedia({ colorScheme });
      await settings.getByRole('heading', { name: 'Sites' }).waitFor();
      expect(await axeViolations(settings)).toEqual([]);
      await settings.close();
    }
  });

  it('shows whoever debugs what is sent, what came back, and what was sought in vain', async () => {
    const settings = await browsing.openSettings();
    await settings.getByLabel('Show what is sent and heard').check();
    await settings.close();
    await open();
    await bar.find('StaticText', /"repository": "acme\/webshop"/);
    await bar.find('StaticText', 'service-owner: Team Checkout (kept)');
    expect(await bar.isThere('StaticText', /"user"/)).toBe(false); // switched off by the gateway
    const again = await browsing.openSettings();
    await again.getByLabel('Show what is sent and heard').uncheck();
    await again.close();
  });
});
