import { hash } from 'node:crypto';
import { Browser } from '../../testing/browser.ts';
import { type SignInCompany, startSignInCompany } from '../../testing/sign-in-company.ts';

const KEY = 'the key that lies in the safe';

describe('breaking the glass', () => {
  let company: SignInCompany;
  beforeAll(async () => {
    company = await startSignInCompany({ FINGERPOST_BREAK_GLASS: hash('sha256', KEY) });
    await company.provider.close();
  });
  afterAll(() => company.close());
  beforeEach(() => {
    company.audit.length = 0;
    company.log.lines.length = 0;
  });

  const use = async (fields: Record<string, string>, from = company.origin) => {
    const browser = new Browser();
    const body = new URLSearchParams(fields).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await browser.script(`${company.origin}/sign-in/break-glass`, { method: 'POST', body, headers, from });
    return browser;
  };
  const account = async (browser: Browser) => (await browser.open(`${company.origin}/account`)).response;

  it('lets somebody administer for an hour, while no provider works', async () => {
    const browser = await use({ key: `${KEY}\n`, reason: 'Okta is down since nine' });
    const response = await account(browser);
    const { roles, sessions } = (await response.json()) as {
      roles: string[];
      sessions: { isBreakGlass: boolean; expiresAt: string }[];
    };
    expect(roles).toEqual(['viewer', 'admin']);
    expect(sessions[0]!.isBreakGlass).toBe(true);
    expect(Date.parse(sessions[0]!.expiresAt) - Date.now()).toBeLessThanOrEqual(3_600_000);
  });

  it('is loud: in the trail before anything opens, and an error in the log', async () => {
    await use({ key: KEY, reason: 'Okta is down since nine' });
    expect(company.audit).toMatchObject([
      { action: 'break_glass.used', detail: { reason: 'Okta is down since nine', address: expect.any(String) } },
    ]);
    expect(company.log.lines.join()).toContain('BREAK-GLASS');
    expect(company.log.lines.join() + JSON.stringify(company.audit)).not.toContain(KEY);
  });

  it.each([
    ['another key', { key: 'another', reason: 'Okta is down since nine' }],
    ['no key', { reason: 'Okta is down since nine' }],
    ['the hash in its place', { key: hash('sha256', KEY), reason: 'Okta is down since nine' }],
  ])('opens nothing for %s, and says so in the trail', async (_what, fields) => {
    expect((await account(await use(fields))).status).toBe(401);
    expect(company.audit).toMatchObject([{ action: 'break_glass.refused' }]);
  });

  it('wants to know why', async () => {
    expect((await account(await use({ key: KEY, reason: 'x' }))).status).toBe(401);
  });

  it('is done by nobody’s page but ours', async () => {
    const browser = await use({ key: KEY, reason: 'Okta is down since nine' }, 'https://evil.example');
    expect((await account(browser)).status).toBe(401);
  });
});

describe('without a key in the settings', () => {
  it('there is no glass', async () => {
    const company = await startSignInCompany();
    const url = `${company.origin}/sign-in/break-glass`;
    expect((await new Browser().open(url)).text).toContain('No break-glass key');
    const body = new URLSearchParams({ key: KEY, reason: 'Okta is down since nine' });
    const browser = new Browser();
    await browser.script(url, { method: 'POST', body });
    expect(browser.cookies(company.origin)).toEqual({});
    await company.close();
  });
});
