import { Browser } from '../../testing/browser.ts';
import { HOSTILE_SECRET, HostileProvider, type Trick } from '../../testing/hostile-provider.ts';
import { type SignInCompany, startSignInCompany } from '../../testing/sign-in-company.ts';

let hostile: HostileProvider;
let company: SignInCompany;
beforeAll(async () => {
  hostile = await HostileProvider.start();
  company = await startSignInCompany({
    FINGERPOST_OIDC: 'company,hostile',
    FINGERPOST_OIDC_HOSTILE_ISSUER: hostile.issuer,
    FINGERPOST_OIDC_HOSTILE_CLIENT_ID: 'fingerpost',
    FINGERPOST_OIDC_HOSTILE_CLIENT_SECRET: HOSTILE_SECRET,
    FINGERPOST_OIDC_HOSTILE_ADMINS: 'platform',
  });
});
afterAll(async () => {
  await company.close();
  hostile.close();
});
beforeEach(() => {
  hostile.trick = {};
  company.audit.length = 0;
  company.log.lines.length = 0;
});

const now = () => Math.floor(Date.now() / 1_000);
const tryWith = async (trick: Trick, browser = new Browser()) => {
  hostile.trick = trick;
  const page = await browser.open(`${company.origin}/sign-in/hostile?return_to=/config`);
  return { page, browser, isSignedIn: browser.cookies(company.origin).fingerpost !== undefined };
};

it('lets the very same provider in when it plays no trick', async () => {
  const { page, isSignedIn } = await tryWith({});
  expect(page.response.status).toBe(200);
  expect(isSignedIn).toBe(true);
  expect(company.audit).toMatchObject([
    { action: 'session.opened', detail: { provider: 'hostile', roles: ['viewer'] } },
  ]);
});

it.each<[string, Trick]>([
  ['signed by somebody else’s key', { signature: 'other key' }],
  ['that is not signed', { signature: 'none' }],
  ['whose signature was cut off', { signature: 'cut off' }],
  ['that says alg none and is signed all the same', { header: { alg: 'none' } }],
  ['signed with the client’s own secret (HS256)', { signature: 'client secret' }],
  ['signed with the public key as if it were a secret', { signature: 'public key as secret' }],
  [
    'signed by a key that its header brings along',
    { header: { jwk: { kty: 'oct', k: 'AAAA' } }, signature: 'other key' },
  ],
  ['with a critical header that nobody knows', { header: { crit: ['b64'], b64: false } }],
  ['of another issuer', { claims: { iss: 'https://accounts.google.com' } }],
  ['for another client', { claims: { aud: 'another' } }],
  ['for several clients, without azp', { claims: { aud: ['fingerpost', 'another'] } }],
  ['for several clients, and made for another (azp)', { claims: { aud: ['fingerpost', 'another'], azp: 'another' } }],
  ['for us, and made for another (azp)', { claims: { azp: 'another' } }],
  ['of another sign-in (nonce)', { claims: { nonce: 'another' } }],
  ['without a nonce', { claims: { nonce: undefined } }],
  ['that has expired', { claims: { iat: now() - 7_200, exp: now() - 3_600 } }],
  ['without an end', { claims: { exp: undefined } }],
  ['from the future', { claims: { iat: now() + 3_600, exp: now() + 7_200 } }],
  ['that counts only later (nbf)', { claims: { nbf: now() + 3_600 } }],
  ['without a subject', { claims: { sub: undefined } }],
  ['that is not there', { token: { id_token: undefined } }],
  ['that is no token', { token: { id_token: 'a.b.c' } }],
  [
    'whose UserInfo is about somebody else',
    { claims: { email: undefined }, userinfo: { sub: 'ada', email: 'ada@example.com' } },
  ],
  ['that came with an error', { tokenStatus: 400, token: { error: 'invalid_grant' } }],
])('refuses an ID token %s, and writes that down', async (_what, trick) => {
  const { page, isSignedIn } = await tryWith(trick);
  expect(page.response.status).toBe(403);
  expect(page.text).toContain('You are not signed in');
  expect(isSignedIn).toBe(false);
  expect(company.audit).toMatchObject([{ action: 'sign_in.refused', target: 'provider:hostile' }]);
  const log = company.log.lines.join() + JSON.stringify(company.audit);
  expect(log).toContain('a sign-in failed');
  expect(log).not.toMatch(/eyJ|eve@example/);
});

it.each<[string, (url: URL) => void]>([
  ['another state', (url) => url.searchParams.set('state', 'another')],
  ['no state', (url) => url.searchParams.delete('state')],
  ['two states', (url) => url.searchParams.append('state', 'another')],
  ['another issuer', (url) => url.searchParams.set('iss', company.provider.issuer)],
  ['no issuer, though it promises one', (url) => url.searchParams.delete('iss')],
  ['no code', (url) => url.searchParams.delete('code')],
  ['a code of its own', (url) => url.searchParams.set('code', 'made-up')],
])('refuses an answer with %s', async (_what, callback) => {
  const { page, isSignedIn } = await tryWith({ callback });
  expect(page.response.status).toBe(403);
  expect(isSignedIn).toBe(false);
});

it('does not take one provider’s answer for another’s (mix-up)', async () => {
  const callback = (url: URL) => {
    url.pathname = url.pathname.replace('/hostile/', '/company/');
  };
  const { page, isSignedIn } = await tryWith({ callback });
  expect(page.response.status).toBe(403);
  expect(isSignedIn).toBe(false);
});

it('makes nobody of one provider somebody of another, whatever the claims say', async () => {
  const admin = await company.signIn('ada');
  const { browser } = await tryWith({ claims: { sub: 'ada', email: 'ada@example.com' } });
  const subjectIn = async (who: Browser) =>
    ((await (await who.script(`${company.origin}/account`)).json()) as { subject: string }).subject;
  expect(await subjectIn(browser)).not.toBe(await subjectIn(admin.browser));
});

it('gives nobody a role for what is not a group name in a list', async () => {
  for (const groups of [{ platform: true }, 'platform,x', [['platform']], [{ name: 'platform' }], 7]) {
    const { browser } = await tryWith({ claims: { groups } });
    const account = await (await browser.script(`${company.origin}/account`)).json();
    expect(account).toMatchObject({ roles: ['viewer'] });
  }
});

it('follows a provider that has new keys', async () => {
  await tryWith({});
  hostile.rotateKeys();
  expect((await tryWith({})).isSignedIn).toBe(true);
});

it('sends nothing that a downgrade of PKCE could use', async () => {
  await tryWith({});
  expect(hostile.asked.get('code_challenge_method')).toBe('S256');
  expect(hostile.asked.get('code_challenge')).toHaveLength(43);
  expect(hostile.asked.get('response_type')).toBe('code');
});
