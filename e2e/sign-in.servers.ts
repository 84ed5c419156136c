// People in a real browser who sign in at the development provider, and what their pages are told.
import type { Page } from 'playwright-core';
import { ask, describeInChromium } from './browser-at-product.ts';

interface Account {
  email: string;
  roles: string[];
  sessions: { id: string; isThisOne: boolean; device: string }[];
}

const account = async (page: Page) => JSON.parse((await ask(page, '/account')).text) as Account;

describeInChromium('signing in with Chromium', (at) => {
  it('lets people choose who they are, and says that this is for development', async () => {
    const page = await at.open({ to: '/sign-in' });
    await page.getByRole('alert').getByText('Development only').waitFor();
    await page.getByRole('button', { name: /Ada Admin/ }).click();
    await page.waitForURL('/');
  });

  it('tells the page who is there, and gives its scripts no cookie to read', async () => {
    const page = await at.signIn(/Ben/);
    const { email, roles, sessions } = await account(page);
    expect({ email, roles }).toEqual({ email: 'ben@example.com', roles: ['viewer', 'author'] });
    expect(sessions.find(({ isThisOne }) => isThisOne)?.device).toBe('Chrome on Linux');
    expect(await page.evaluate(() => document.cookie)).toBe('');
  });

  it('signs out here and at the provider', async () => {
    const page = await at.signIn(/Ada/, { to: '/docs' });
    const { continueAt } = JSON.parse((await ask(page, '/sign-out', 'POST')).text) as { continueAt: string };
    await page.goto(continueAt);
    await page.getByRole('button', { name: 'Sign out here, too' }).click();
    await page.getByRole('heading', { name: 'Signed out' }).waitFor();
    await page.getByRole('link', { name: 'Sign in again' }).click();
    await page.getByRole('button', { name: /Ada Admin/ }).waitFor();
  });

  it('writes all of it into the audit trail, which administrators read', async () => {
    const page = await at.signIn(/Ada/, { to: '/docs' });
    const { id } = (await account(await at.signIn(/Ben/))).sessions.find(({ isThisOne }) => isThisOne)!;
    expect((await ask(page, `/admin/sessions/${id}`, 'DELETE')).status).toBe(204);
    await at.product.until(async () => (await ask(page, '/admin/audit?action=session.ended')).text.includes(id));
    const { text } = await ask(page, '/admin/audit?action=session.opened&limit=3');
    const { rows } = JSON.parse(text) as { rows: { seq: number; service: string; event: { action: string } }[] };
    expect(rows[0]).toMatchObject({ service: 'gateway', event: { action: 'session.opened' } });
    const exported = (await ask(page, '/admin/audit/export')).text.trim().split('\n');
    expect(exported.map((line) => JSON.parse(line).seq).at(-1)).toBe(1);
    expect(exported.join()).toContain('ben@example.com');
  });
});
