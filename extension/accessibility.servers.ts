// Who does not see the bar, and who has no mouse. The built extension in real Chromium, and beside it the try page of the same product.
import { axeViolations } from '../e2e/axe-violations.ts';
import { integration, TOKEN } from '../e2e/product.ts';
import { type Browsing, chromiumHere, signIn, startBrowser, workerOf } from './testing/browser.ts';
import { ExtensionAtWork } from './testing/extension-at-work.ts';
import { focusBar } from './testing/focus-bar.ts';
import { SeenBar } from './testing/seen-bar.ts';

const FILES = {
  'owner.integration.js': integration(
    'owner',
    `return [{ type: 'link', content: 'Team Checkout', href: 'https://acme.dev/team', icon: 'team', tooltip: 'On call: Ana' }];`,
    'cache: 0, priority: 900',
  ),
  'incident.integration.js': integration(
    'incident',
    `return [{ type: 'text', content: 'One incident', status: 'important', icon: 'pagerduty' }];`,
    'cache: 0, priority: 800',
  ),
  'deployments.integration.js': integration(
    'deployments',
    `return [{ type: 'dropdown', content: 'Deployments', items: [{ content: 'Production', href: 'https://acme.dev/', status: 'success' }, { content: 'Staging' }] }];`,
    'cache: 0, priority: 700',
  ),
  'flaky.integration.js': integration('flaky', `throw new Error('not today');`, 'cache: 0, priority: 600'),
};
const REPOSITORY = 'https://github.com/acme/webshop';
const ALL_IS_THERE = /^Fingerpost: 3 insights, 1 could not answer/;

(chromiumHere === undefined ? describe.skip : describe)('the bar without eyes or mouse', () => {
  const extension = new ExtensionAtWork();
  beforeAll(() => extension.start(FILES), 90_000);
  afterAll(() => extension.stop());

  it('is told to screen readers as the try page tells it, whose words axe has looked at', async () => {
    const { page, bar } = await extension.newTab();
    await page.goto(REPOSITORY);
    await bar.find('StaticText', ALL_IS_THERE);
    const tryPage = await extension.browsing.context.newPage();
    await tryPage.goto(`${extension.product.url}/#token=${TOKEN}`);
    const sameBar = await SeenBar.on(tryPage);
    await sameBar.find('StaticText', ALL_IS_THERE);

    const TOOLS = /^(Let the bar float|Settings|Hide on .*)$/;
    const told = (await bar.told()).filter((line) => !TOOLS.test(line.replace(/^\S+ "(.*)".*$/, '$1')));
    expect(told).toEqual(await sameBar.told());
    expect(told).toContain('link "Team Checkout" (On call: Ana)');
    expect(told).toContain('button "Deployments"');
    await Promise.all([page.close(), tryPage.close()]);
  }, 60_000);

  it('does everything by keyboard alone', async () => {
    const { page, bar } = await extension.newTab();
    await page.goto(REPOSITORY);
    await bar.find('StaticText', ALL_IS_THERE);
    await focusBar(await workerOf(extension.browsing));
    expect(await bar.focused()).toBe('Team Checkout');

    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
      return bar.focused();
    };
    expect(await press('End')).toMatch(/^flaky/);
    expect(await press('ArrowDown')).toBe('Try again');
    expect(await press('Escape')).toMatch(/^flaky/);
    expect(await press('ArrowLeft', 'Enter')).toBe('good: Production');
    expect(await press('ArrowDown')).toBe('Staging');
    expect(await press('Escape')).toBe('Deployments');

    expect(await press('Tab')).toBe('Let the bar float');
    await press('Enter');
    await bar.find('button', /^Move the bar/);
    expect(await bar.focused()).toMatch(/^Put the bar at the top/);
    expect(await press('Shift+Tab', 'Shift+Tab')).toMatch(/^Move the bar/);
    const grip = async () => (await bar.box(await bar.find('button', /^Move the bar/))).y;
    const before = await grip();
    await press('ArrowUp', 'ArrowUp');
    expect(await grip()).toBeLessThan(before);
    expect(await press('Tab', 'Tab')).toMatch(/Put the bar at the top/);
    await press('Enter');
    await bar.gone('button', /^Move the bar/);
    expect(await bar.focused()).toBe('Let the bar float');
    for (const each of extension.browsing.context.pages()) if (each.url().includes('options.html')) await each.close();
    const settings = extension.browsing.context.waitForEvent('page');
    expect(await press('Tab')).toBe('Settings');
    await press('Enter');
    await (await settings).close();
    await page.bringToFront();
    expect(await press('Tab')).toMatch(/^Hide on github.com/);
    await press('Enter');
    await bar.gone('toolbar', /known about this page/);
    await page.close();
  }, 60_000);

  describe('in a page, its shadow root opened for axe', () => {
    let browsing: Browsing;
    beforeAll(async () => {
      browsing = await startBrowser(extension.sites.rules, { opensShadowRoots: true });
      await signIn(browsing, extension.door.url, TOKEN);
    }, 60_000);
    afterAll(() => browsing?.stop());

    it.each(['light', 'dark'] as const)('has nothing that axe finds fault with: %s', async (colorScheme) => {
      const page = await browsing.context.newPage();
      await page.emulateMedia({ colorScheme });
      const bar = await SeenBar.on(page);
      await page.goto(REPOSITORY);
      await bar.find('StaticText', ALL_IS_THERE);
      await bar.press('button', 'Deployments');
      await bar.find('link', 'good: Production');
      expect(await axeViolations(page, 'html > div')).toEqual([]);
      await page.close();
    });
  });
});
