import { Browser } from '../../testing/browser.ts';
import { type SignInCompany, startSignInCompany } from '../../testing/sign-in-company.ts';

describe('signing in', () => {
  let company: SignInCompany;
  beforeAll(async () => {
    company = await startSignInCompany();
  });
  afterAll(() => company.close());

  it('leads to the provider, and back to where one wanted to go', async () => {
    const { page, browser } = await company.signIn('ben');
    expect(page.url).toBe(`${company.origin}/config`);
    expect(page.response.status).toBe(200);
    expect(Object.keys(browser.cookies(company.origin))).toContain('fingerpost');
  });

  it('is offered by pages where somebody can', async () => {
    const providers = await (await fetch(`${company.origin}/providers`)).json();
    expect(providers).toEqual([{ name: 'company', label: 'Company' }]);
  });

  it('needs no second choice while the provider knows who one is', async () => {
    const { browser } = await company.signIn('ben');
    const page = await browser.open(`${company.origin}/sign-in?return_to=/config`);
    expect(page.url).toBe(`${company.origin}/config`);
  });

  it('survives new keys at the provider, at any moment', async () => {
    await company.signIn('ada');
    company.provider.rotateKeys();
    expect((await company.signIn('ben')).page.response.status).toBe(200);
    company.provider.rotateKeys();
    expect((await company.signIn('ada')).page.response.status).toBe(200);
  });

  it('ends at sign-out, here and at the provider', async () => {
    const { browser } = await company.signIn('ben');
    const response = await browser.script(`${company.origin}/sign-out`, { method: 'POST' });
    const { continueAt } = (await response.json()) as { continueAt: string };
    expect(continueAt).toContain(company.provider.issuer);
    expect((await browser.open(`${company.origin}/config`)).response.status).toBe(401);
    const leaving = await browser.open(continueAt);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(leaving.text)![1]!;
    const action = /action="([^"]+)"/.exec(leaving.text)![1]!;
    const page = await browser.send(leaving, action, { xsrf, logout: 'yes' });
    expect(page.url).toMatch(`${company.origin}/signed-out`);
    expect(page.text).toContain('Signed out');
    expect((await browser.open(`${company.origin}/sign-in`)).text).toContain('Who would you like to be?');
  });

  it('ends when one signs out at the provider alone, which tells us', async () => {
    const { browser } = await company.signIn('ben');
    const leaving = await browser.open(`${company.provider.issuer}/session/end`);
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(leaving.text)![1]!;
    const action = /action="([^"]+)"/.exec(leaving.text)![1]!;
    await browser.send(leaving, action, { xsrf, logout: 'yes' });
    expect((await browser.open(`${company.origin}/config`)).response.status).toBe(401);
  });

  it('gives a session that scripts cannot read and other sites cannot use', async () => {
    const browser = new Browser();
    const { page } = await company.signIn('ben', browser);
    expect(page.response.status).toBe(200);
    const begun = await browser.ask(`${company.origin}/sign-in?return_to=/config`);
    for (const line of begun.response.headers.getSetCookie()) expect(line).toMatch(/HttpOnly; SameSite=Lax/);
  });
});

describe('a provider that is away', () => {
  it('stops nobody who is signed in', async () => {
    const company = await startSignInCompany();
    const { browser } = await company.signIn('ben');
    await company.provider.close();
    expect((await browser.open(`${company.origin}/config`)).response.status).toBe(200);
    await company.close();
  });

  it('is no reason not to start', async () => {
    const company = await startSignInCompany({ FINGERPOST_OIDC_COMPANY_ISSUER: 'http://localhost:9' });
    const { text, response } = await new Browser().open(`${company.origin}/sign-in`);
    expect(response.status).toBe(503);
    expect(text).toContain('Company cannot be reached at http://localhost:9');
    await company.close();
  });
});
