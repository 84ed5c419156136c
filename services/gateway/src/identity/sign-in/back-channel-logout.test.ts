import { Browser } from '../../testing/browser.ts';
import { HOSTILE_SECRET, HostileProvider, type Trick } from '../../testing/hostile-provider.ts';
import { type SignInCompany, startSignInCompany } from '../../testing/sign-in-company.ts';

let theirs: HostileProvider;
let company: SignInCompany;
beforeAll(async () => {
  theirs = await HostileProvider.start();
  company = await startSignInCompany({
    FINGERPOST_OIDC: 'company,theirs',
    FINGERPOST_OIDC_THEIRS_ISSUER: theirs.issuer,
    FINGERPOST_OIDC_THEIRS_CLIENT_ID: 'fingerpost',
    FINGERPOST_OIDC_THEIRS_CLIENT_SECRET: HOSTILE_SECRET,
  });
});
afterAll(async () => {
  await company.close();
  theirs.close();
});

const signIn = async (browser = new Browser()) => {
  await browser.open(`${company.origin}/sign-in/theirs?return_to=/config`);
  return browser;
};
const isSignedIn = async (browser: Browser) => (await browser.open(`${company.origin}/config`)).response.status === 200;
const say = async (token: string, provider = 'theirs') => {
  const body = new URLSearchParams({ logout_token: token });
  return (await fetch(`${company.origin}/sign-in/${provider}/back-channel-logout`, { method: 'POST', body })).status;
};
const now = () => Math.floor(Date.now() / 1_000);

describe('a provider that says somebody has signed out', () => {
  it('ends that person’s sessions here, on every device', async () => {
    const [one, other] = [await signIn(), await signIn()];
    const ben = await company.signIn('ben');
    expect(await say(theirs.logoutToken())).toBe(200);
    expect([await isSignedIn(one), await isSignedIn(other)]).toEqual([false, false]);
    expect(await isSignedIn(ben.browser)).toBe(true);
  });

  it('ends one of them by the provider’s own name for it', async () => {
    theirs.trick = { claims: { sid: 'first' } };
    const one = await signIn();
    theirs.trick = { claims: { sid: 'second' } };
    const other = await signIn();
    theirs.trick = {};
    expect(await say(theirs.logoutToken({ claims: { sid: 'first', sub: undefined } }))).toBe(200);
    expect([await isSignedIn(one), await isSignedIn(other)]).toEqual([false, true]);
    expect(await say(theirs.logoutToken({ claims: { sid: 'second' } }))).toBe(200);
    expect(await isSignedIn(other)).toBe(false);
  });

  it('is heard once: the same word again is a replay', async () => {
    const token = theirs.logoutToken();
    expect(await say(token)).toBe(200);
    const browser = await signIn();
    expect(await say(token)).toBe(400);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it.each<[string, Trick]>([
    ['signed by somebody else', { signature: 'other key' }],
    ['not signed', { signature: 'none' }],
    ['signed with the client’s secret', { signature: 'client secret' }],
    ['signed with the public key as a secret', { signature: 'public key as secret' }],
    ['of another issuer', { claims: { iss: 'https://evil.example' } }],
    ['for another client', { claims: { aud: 'another' } }],
    ['too old', { claims: { iat: now() - 3_600, exp: now() + 100 } }],
    ['expired', { claims: { exp: now() - 100 } }],
    ['without an id', { claims: { jti: undefined } }],
    ['without the event', { claims: { events: {} } }],
    ['with a nonce: an ID token', { claims: { nonce: 'x' } }],
    ['about nobody', { claims: { sub: undefined } }],
    ['of another kind', { header: { typ: 'at+jwt' } }],
  ])('is not believed when its word is %s', async (_what, trick) => {
    const browser = await signIn();
    expect(await say(theirs.logoutToken(trick))).toBe(400);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('speaks for its own people alone', async () => {
    const { browser } = await company.signIn('ben');
    expect(await say(theirs.logoutToken({ claims: { sub: 'ben' } }))).toBe(200);
    expect(await say(theirs.logoutToken(), 'company')).toBe(400);
    expect(await isSignedIn(browser)).toBe(true);
  });

  it('is not confused by what is no form, no token, or no provider', async () => {
    expect(await say('')).toBe(400);
    expect(await say('a.b.c')).toBe(400);
    expect(await say(theirs.logoutToken(), 'nobody')).toBe(400);
    const url = `${company.origin}/sign-in/theirs/back-channel-logout`;
    const json = await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
    expect(json.status).toBe(415);
    const huge = await fetch(url, { method: 'POST', body: new URLSearchParams({ logout_token: 'x'.repeat(100_000) }) });
    expect(huge.status).toBe(413);
  });
});
