import { hash } from 'node:crypto';
import { Program, REDIRECT, startAuthority, type TestAuthority, type Tokens } from '../testing/authority-server.ts';
import { COMMAND_LINE } from './clients.ts';

let authority: TestAuthority;
let program: Program;
beforeEach(async () => {
  authority = await startAuthority();
  program = new Program(authority.issuer);
});
afterEach(() => authority.close());

const viewerOf = (token: string) => authority.accessTokens.viewerOf(token);
const codeFor = async (asker: Program, changes?: Record<string, string | undefined>) => {
  const { url } = await (await authority.browserOfAda()).follow(asker.address(changes));
  return url.searchParams.get('code')!;
};
const errorOf = async (response: Response) => ((await response.json()) as Tokens).error;
const isSignedIn = async ({ access_token, refresh_token }: Tokens) => ({
  byAccess: (await viewerOf(access_token)) !== undefined,
  byRefresh: (await program.refresh(refresh_token)).ok,
});

describe('PKCE', () => {
  it.each([
    ['left out', { code_challenge: undefined, code_challenge_method: undefined }],
    ['by the plain method', { code_challenge_method: 'plain' }],
    ['by no method', { code_challenge_method: undefined }],
    ['by a method of its own', { code_challenge_method: 'none' }],
  ])('cannot be %s', async (_what, changes) => {
    const { url } = await (await authority.browserOfAda()).follow(program.address(changes));
    expect(url.searchParams.get('error')).toBe('invalid_request');
    expect(url.searchParams.get('code')).toBeNull();
  });

  it.each([
    ['another verifier', { code_verifier: 'A'.repeat(43) }],
    ['none', { code_verifier: undefined }],
    ['the challenge itself', { code_verifier: 'challenge' }],
  ])('gives no tokens for %s', async (_what, { code_verifier }) => {
    const challenge = hash('sha256', program.verifier, 'base64url');
    const changes = { code_verifier: code_verifier === 'challenge' ? challenge : code_verifier };
    expect(await errorOf(await program.redeem(await codeFor(program), changes))).toBe('invalid_grant');
  });
});

describe('a code', () => {
  it('that is shown again ends what the first one led to', async () => {
    const code = await codeFor(program);
    const tokens = (await (await program.redeem(code)).json()) as Tokens;
    expect(await errorOf(await program.redeem(code))).toBe('invalid_grant');
    expect(await isSignedIn(tokens)).toEqual({ byAccess: false, byRefresh: false });
  });

  it('that many show at once is good for one of them at most', async () => {
    const code = await codeFor(program);
    const answers = await Promise.all(Array.from({ length: 8 }, () => program.redeem(code)));
    expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1);
  });

  it('is good for the client alone that asked, at the address that it named', async () => {
    const changes = { client_id: COMMAND_LINE, redirect_uri: 'http://127.0.0.1:1/callback' };
    expect((await program.redeem(await codeFor(program), changes)).status).toBe(400);
    const landing = `${authority.issuer}/oauth/landing`;
    expect(await errorOf(await program.redeem(await codeFor(program), { redirect_uri: landing }))).toBe(
      'invalid_grant',
    );
  });

  it('is not found by its hash', async () => {
    const code = await codeFor(program);
    expect(await errorOf(await program.redeem(`hash:${hash('sha256', code, 'base64url')}`))).toBe('invalid_grant');
  });
});

describe('an address to come back to', () => {
  it.each([
    `${REDIRECT}more`,
    `${REDIRECT}?x=1`,
    `${REDIRECT}#x`,
    REDIRECT.replace('https', 'http'),
    REDIRECT.replace('.chromiumapp.org', '.chromiumapp.org.evil.dev'),
    REDIRECT.replace('chromiumapp.org/', 'chromiumapp.org@evil.dev/'),
    REDIRECT.replace('abc', 'abd'),
    REDIRECT.toUpperCase(),
    'https://evil.dev/',
    'javascript:alert(1)',
    '//evil.dev/',
    '',
  ])('is not "%s" for the extension', async (redirect_uri) => {
    const { url, response } = await (await authority.browserOfAda()).follow(program.address({ redirect_uri }));
    expect(url.origin).toBe(authority.issuer);
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
  });

  it.each([
    'http://127.0.0.1.evil.dev:4000/callback',
    'http://127.0.0.1:4000@evil.dev/callback',
    'http://localhost:4000/callback',
    'http://127.0.0.2:4000/callback',
    'https://127.0.0.1:4000/callback',
    'http://127.0.0.1:4000/callback/../other',
    'http://127.0.0.1:4000/other',
    'http://127.0.0.1:4000/callback?next=https://evil.dev',
    'http://2130706433:4000/callback',
  ])('is not "%s" for the command line', async (redirect_uri) => {
    const asker = new Program(authority.issuer, COMMAND_LINE, redirect_uri);
    const { url, response } = await (await authority.browserOfAda()).follow(asker.address());
    expect(url.origin).toBe(authority.issuer);
    expect(response.status).toBe(400);
  });

  it('is shown no error either, where it is not ours', async () => {
    const wrong = { redirect_uri: 'https://evil.dev/', response_type: 'token', scope: 'x' };
    const response = await (await authority.browserOfAda()).open(program.address(wrong));
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('href');
  });
});
