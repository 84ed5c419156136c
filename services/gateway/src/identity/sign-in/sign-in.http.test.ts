import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
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
  const HOUR = 3_600_000;
  let company: SignInCompany;
  let [ben, ada]: Browser[] = [];
  let aheadMs = 0;
  beforeAll(async () => {
    const now = Date.now;
    jest.spyOn(Date, 'now').mockImplementation(() => now() + aheadMs);
    company = await startSignInCompany();
    [ben, ada] = [(await company.signIn('ben')).browser, (await company.signIn('ada')).browser];
    await company.provider.close();
    aheadMs += 1_000; // what it said last is true for so long
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await company.close();
  });
  const statusFor = async (browser: Browser) => (await browser.open(`${company.origin}/config`)).response.status;

  it('is said on a page of ours to whoever would sign in: nobody is sent to where nobody answers', async () => {
    const { text, response, url } = await new Browser().open(`${company.origin}/sign-in`);
    expect(new URL(url).origin).toBe(company.origin);
    expect(response.status).toBe(503);
    expect(text).toContain('Signing in is not possible right now');
    expect(text).toContain(`Company cannot be reached at ${company.provider.issuer}`);
  });

  it('is not asked again for each stranger who would sign in, away or not', async () => {
    for (const status of [200, 503]) {
      let asked = 0;
      const counting = createServer((_request, response) => {
        asked++;
        const issuer = `http://localhost:${(counting.address() as AddressInfo).port}`;
        const description = { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` };
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(description));
      }).listen(0);
      await once(counting, 'listening');
      const { port } = counting.address() as AddressInfo;
      const company = await startSignInCompany({ FINGERPOST_OIDC_COMPANY_ISSUER: `http://localhost:${port}` });
      const since = performance.now();
      const signIn = () => fetch(`${company.origin}/sign-in/company`, { redirect: 'manual' });
      const got: number[] = [];
      while (performance.now() - since < 1_500) got.push((await signIn()).status);
      expect(got.filter((one) => one !== 429).length).toBeGreaterThan(10);
      expect(got[0]).toBe(status === 200 ? 303 : 503);
      expect(asked).toBeLessThanOrEqual(3);
      await company.close();
      counting.close();
    }
  });

  it('keeps nobody from signing out', async () => {
    const response = await ada!.script(`${company.origin}/sign-out`, { method: 'POST' });
    expect(await response.json()).toEqual({ continueAt: `${company.origin}/signed-out` });
    expect(await statusFor(ada!)).toBe(401);
  });

  it('stops nobody who is signed in, until they have done nothing for 12 hours', async () => {
    for (let days = 0; days < 4; days++) {
      expect(await statusFor(ben!)).toBe(200);
      aheadMs += 11 * HOUR;
    }
    expect(await statusFor(ben!)).toBe(200);
    aheadMs += 12 * HOUR;
    expect(await statusFor(ben!)).toBe(401);
  });

  it('is no reason not to start', async () => {
    const late = await startSignInCompany({ FINGERPOST_OIDC_COMPANY_ISSUER: 'http://localhost:9' });
    expect((await new Browser().open(`${late.origin}/sign-in`)).response.status).toBe(503);
    await late.close();
  });
});
