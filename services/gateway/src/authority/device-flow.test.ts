import { Browser, Program, startAuthority, type TestAuthority, type Tokens } from '../testing/authority-server.ts';
import { COMMAND_LINE } from './clients.ts';

let authority: TestAuthority;
let program: Program;
beforeEach(async () => {
  authority = await startAuthority();
  program = new Program(authority.issuer, COMMAND_LINE);
});
afterEach(() => authority.close());

interface Asked {
  device_code: string;
  user_code: string;
  verification_uri: string;
  verification_uri_complete: string;
}
const ask = async () => (await (await program.ask('/oauth/device', { scope: 'fingerpost' })).json()) as Asked;
const poll = async ({ device_code }: Pick<Asked, 'device_code'>) => {
  const fields = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code };
  return (await (await program.ask('/oauth/token', fields)).json()) as Tokens;
};
const secretIn = (html: string) => /name="xsrf" value="(\w+)"/.exec(html)![1]!;

/** Types the code. @returns the page that asks whether it is the right one */
const type = async (browser: Browser, user_code: string) => {
  const { response } = await browser.follow('/device');
  const xsrf = secretIn(await response.text());
  return { xsrf, page: await (await browser.submit('/device', { xsrf, user_code })).response.text() };
};
const confirm = async (browser: Browser, user_code: string, more: object = { confirm: 'yes' }) => {
  const { page } = await type(browser, user_code);
  return browser.submit('/device', { xsrf: secretIn(page), user_code, ...more });
};

describe('a device without a browser', () => {
  it('is signed in by its code, which its person types elsewhere and confirms', async () => {
    const asked = await ask();
    expect(asked).toMatchObject({
      verification_uri: `${authority.issuer}/device`,
      user_code: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
    });
    expect(await poll(asked)).toMatchObject({ error: 'authorization_pending' });
    const browser = await authority.browserOfAda();
    const { page } = await type(browser, asked.user_code.toLowerCase());
    expect(page).toContain(asked.user_code);
    expect(await poll(asked)).toMatchObject({ error: 'authorization_pending' });

    const { response } = await confirm(browser, asked.user_code);
    expect(await response.text()).toContain('Your device is signed in');
    const tokens = await poll(asked);
    expect(await authority.accessTokens.viewerOf(tokens.access_token)).toMatchObject({ email: 'ada@acme.dev' });
    expect((await program.refresh(tokens.refresh_token)).ok).toBe(true);
    const devices = (await authority.sessions.list()).map(({ device }) => device);
    expect(devices).toContain('Command line, Firefox on Linux');
  });

  it('has its person sign in first, who comes back to the confirmation', async () => {
    const asked = await ask();
    const { url } = await confirm(new Browser(authority.issuer), asked.user_code);
    expect(url.pathname).toBe('/sign-in');
    expect(url.searchParams.get('return_to')).toMatch(/^\/oauth\/interaction\//);
    expect(await poll(asked)).toMatchObject({ error: 'authorization_pending' });
  });

  it('hears when its person says no', async () => {
    const asked = await ask();
    await confirm(await authority.browserOfAda(), asked.user_code, { confirm: 'yes', abort: 'yes' });
    expect(await poll(asked)).toMatchObject({ error: 'access_denied' });
  });

  it('gets tokens once', async () => {
    const asked = await ask();
    await confirm(await authority.browserOfAda(), asked.user_code);
    const tokens = await poll(asked);
    expect(tokens.access_token).toBeDefined();
    expect(await poll(asked)).toMatchObject({ error: 'invalid_grant' });
    expect(await authority.accessTokens.viewerOf(tokens.access_token)).toBeUndefined();
  });

  it('waits in vain with a code that was confirmed for another', async () => {
    const [hers, his] = [await ask(), await ask()];
    await confirm(await authority.browserOfAda(), hers.user_code);
    expect(await poll(his)).toMatchObject({ error: 'authorization_pending' });
  });

  it('is not signed in by what the store knows of it', async () => {
    const asked = await ask();
    await confirm(await authority.browserOfAda(), asked.user_code);
    for (const { id, record } of await authority.store.list('device')) {
      expect(JSON.stringify(record)).not.toContain(asked.device_code);
      for (const device_code of [id, `hash:${id}`])
        expect(await poll({ device_code })).toMatchObject({ error: 'invalid_grant' });
    }
  });

  it.each([
    ['wrong', 'AAAA-AAAA'],
    ['empty', ''],
    ['markup', '"><script>alert(1)</script>'],
  ])('is not found by a code that is %s', async (_what, code) => {
    const { page } = await type(await authority.browserOfAda(), code);
    expect(page).toContain('This code is not known');
    expect(page).not.toContain('<script');
  });

  it('is not confirmed by another page’s form', async () => {
    const asked = await ask();
    const browser = await authority.browserOfAda();
    await type(browser, asked.user_code);
    await browser.submit('/device', { xsrf: 'f'.repeat(48), user_code: asked.user_code, confirm: 'yes' });
    expect(await poll(asked)).toMatchObject({ error: 'authorization_pending' });
  });

  it('has its codes guessed thirty times a minute at most', async () => {
    const browser = await authority.browserOfAda();
    const { xsrf } = await type(browser, 'AAAA-AAAA');
    const tries = Array.from({ length: 40 }, () => browser.submit('/device', { xsrf, user_code: 'BBBB-BBBB' }));
    const refused = (await Promise.all(tries)).filter(({ response }) => response.status === 500); // 429 by the gateway's filter
    expect(refused.length).toBeGreaterThanOrEqual(10);
  });
});

describe('a program that listens on this machine', () => {
  const here = 'http://127.0.0.1:4711/callback';
  beforeEach(() => {
    program = new Program(authority.issuer, COMMAND_LINE, here);
  });

  it('may be anybody’s: its person is asked, and yes signs it in', async () => {
    const browser = await authority.browserOfAda();
    const { url: asking, response } = await browser.follow(program.address());
    expect(await response.text()).toContain('asks to act as <strong>Ada</strong>');
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    const { url } = await browser.submit(asking.pathname, { answer: 'yes' });
    expect(url.href).toMatch(here);
    const tokens = (await (await program.redeem(url.searchParams.get('code')!)).json()) as Tokens;
    expect(await authority.accessTokens.viewerOf(tokens.access_token)).toBeDefined();
  });

  it.each(['no', ''])('hears "%s" as a no', async (answer) => {
    const browser = await authority.browserOfAda();
    const { url: asking } = await browser.follow(program.address());
    const { url } = await browser.submit(asking.pathname, { answer });
    expect(url.searchParams.get('error')).toBe('access_denied');
    expect(await authority.sessions.list()).toHaveLength(1);
  });
});
