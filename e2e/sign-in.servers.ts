// The product as `npm start` has it, and people in a real browser who sign in at the development provider.
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findServer } from '../packages/platform/src/testing/servers.ts';
import { Product } from './product.ts';

const program = findServer('chromium');

interface Account {
  email: string;
  roles: string[];
  sessions: { id: string; isThisOne: boolean; device: string }[];
}

(program === undefined ? describe.skip : describe)('signing in with Chromium', () => {
  let product: Product;
  let origin: string;
  let browser: Browser;
  beforeAll(async () => {
    product = await Product.start({});
    origin = product.url.replace('127.0.0.1', 'localhost');
    browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  const signIn = async (who: RegExp, context: Promise<BrowserContext> = browser.newContext()): Promise<Page> => {
    const page = await (await context).newPage();
    await page.goto(`${origin}/sign-in?return_to=/docs`);
    await page.getByRole('button', { name: who }).click();
    await page.waitForURL(`${origin}/docs`);
    return page;
  };
  const ask = (page: Page, path: string, method = 'GET') =>
    page.evaluate(
      async ([path, method]) => {
        const response = await fetch(path!, { method: method! });
        return { status: response.status, text: await response.text() };
      },
      [path, method],
    );
  const account = async (page: Page) => JSON.parse((await ask(page, '/account')).text) as Account;

  it('lets people choose who they are, and says that this is for development', async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${origin}/sign-in`);
    await page.getByRole('alert').getByText('Development only').waitFor();
    await page.getByRole('button', { name: /Ada Admin/ }).click();
    await page.waitForURL(`${origin}/`);
  });

  it('tells the page who is there, and gives its scripts no cookie to read', async () => {
    const page = await signIn(/Ben/);
    const { email, roles, sessions } = await account(page);
    expect({ email, roles }).toEqual({ email: 'ben@example.com', roles: ['viewer', 'author'] });
    expect(sessions.find(({ isThisOne }) => isThisOne)?.device).toBe('Chrome on Linux');
    expect(await page.evaluate(() => document.cookie)).toBe('');
  });

  it('signs one browser out from another', async () => {
    const [lost, mine] = [await signIn(/Ben/), await signIn(/Ben/)];
    const { id } = (await account(lost)).sessions.find(({ isThisOne }) => isThisOne)!;
    expect((await ask(mine, `/account/sessions/${id}`, 'DELETE')).status).toBe(204);
    expect((await ask(lost, '/account')).status).toBe(401);
    expect((await ask(mine, '/account')).status).toBe(200);
  });

  it('signs out here and at the provider', async () => {
    const page = await signIn(/Ada/);
    const { continueAt } = JSON.parse((await ask(page, '/sign-out', 'POST')).text) as { continueAt: string };
    await page.goto(continueAt);
    await page.getByRole('button', { name: 'Sign out here, too' }).click();
    await page.getByRole('heading', { name: 'Signed out' }).waitFor();
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await page.getByRole('button', { name: /Ada Admin/ }).waitFor();
  });

  it('writes all of it into the audit trail, which administrators read', async () => {
    const page = await signIn(/Ada/);
    await product.until(async () => (await ask(page, '/admin/audit?action=session.ended')).text.includes('session:'));
    const { text } = await ask(page, '/admin/audit?action=session.opened&limit=3');
    const { rows } = JSON.parse(text) as { rows: { seq: number; service: string; event: { action: string } }[] };
    expect(rows[0]).toMatchObject({ service: 'gateway', event: { action: 'session.opened' } });
    const exported = (await ask(page, '/admin/audit/export')).text.trim().split('\n');
    expect(exported.map((line) => JSON.parse(line).seq).at(-1)).toBe(1);
    expect(exported.join()).toContain('ben@example.com');
  });
});
