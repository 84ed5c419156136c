import { createHmac, generateKeyPairSync, hash, sign } from 'node:crypto';
import { Program, REDIRECT, startAuthority, type TestAuthority, type Tokens } from '../testing/authority-server.ts';
import { COMMAND_LINE } from './clients.ts';

let authority: TestAuthority;
let program: Program;
beforeEach(async () => {
  authority = await startAuthority();
  program = new Program(authority.issuer);
});
afterEach(() => authority.close());

const codeFor = async (asker: Program, changes?: Record<string, string | undefined>) => {
  const { url } = await (await authority.browserOfAda()).follow(asker.address(changes));
  return url.searchParams.get('code')!;
};
const errorOf = async (response: Response) => ((await response.json()) as Tokens).error;
const viewerOf = (token: string) => authority.accessTokens.viewerOf(token);
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

describe('a refresh token', () => {
  it('that is used twice ends the whole family, and the session with it', async () => {
    const stolen = await program.signIn(await authority.browserOfAda());
    const next = (await (await program.refresh(stolen.refresh_token)).json()) as Tokens;
    const last = (await (await program.refresh(next.refresh_token)).json()) as Tokens;
    expect(await isSignedIn(last)).toMatchObject({ byAccess: true });
    expect(await errorOf(await program.refresh(stolen.refresh_token))).toBe('invalid_grant');
    expect(await isSignedIn(last)).toEqual({ byAccess: false, byRefresh: false });
    const left = (await authority.sessions.list(authority.ada.subject)).map(({ device }) => device);
    expect(left).toEqual(['Firefox on Linux']);
  });

  it('that many show at once is given one successor, and nobody is signed out', async () => {
    const { refresh_token } = await program.signIn(await authority.browserOfAda());
    const answers = await Promise.all(Array.from({ length: 8 }, () => program.refresh(refresh_token)));
    const given = (await Promise.all(answers.map((answer) => answer.json()))) as Tokens[];
    expect(new Set(given.map((each) => each.refresh_token)).size).toBe(1);
    expect(await isSignedIn(given[0]!)).toEqual({ byAccess: true, byRefresh: true });
  });

  it('of one client is nothing to another', async () => {
    const { refresh_token } = await program.signIn(await authority.browserOfAda());
    const thief = new Program(authority.issuer, COMMAND_LINE);
    expect(await errorOf(await thief.refresh(refresh_token))).toBe('invalid_grant');
  });

  it('gets no more than was given', async () => {
    const { refresh_token } = await program.signIn(await authority.browserOfAda());
    expect(await errorOf(await program.refresh(refresh_token, { scope: 'admin' }))).toBe('invalid_scope');
    expect(await errorOf(await program.refresh(refresh_token, { resource: 'https://other.dev' }))).toBe(
      'invalid_target',
    );
  });

  it('ends with the session', async () => {
    const tokens = await program.signIn(await authority.browserOfAda());
    const [session] = (await authority.sessions.list()).filter(({ device }) => device.startsWith('Extension'));
    await authority.sessions.end(session!.id);
    expect(await isSignedIn(tokens)).toEqual({ byAccess: false, byRefresh: false });
  });

  it('ends with twelve hours without use', async () => {
    const tokens = await program.signIn(await authority.browserOfAda());
    authority.clock.ms = 12 * 3_600_000 + 1;
    expect(await errorOf(await program.refresh(tokens.refresh_token))).toBe('invalid_grant');
  });

  it('that is given back signs the device out', async () => {
    const tokens = await program.signIn(await authority.browserOfAda());
    expect((await program.ask('/oauth/revoke', { token: tokens.refresh_token })).status).toBe(200);
    expect(await isSignedIn(tokens)).toEqual({ byAccess: false, byRefresh: false });
  });

  it('cannot be given back by another client', async () => {
    const tokens = await program.signIn(await authority.browserOfAda());
    await program.ask('/oauth/revoke', { token: tokens.refresh_token, client_id: COMMAND_LINE });
    expect(await isSignedIn(tokens)).toEqual({ byAccess: true, byRefresh: true });
  });
});

describe('an access token', () => {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const partsOf = (token: string) =>
    token.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString())) as [
      { alg: string; typ: string; cert: string },
      { exp: number; iat: number },
    ];
  let header: ReturnType<typeof partsOf>[0];
  let claims: ReturnType<typeof partsOf>[1];
  let token: string;
  beforeEach(async () => {
    token = (await program.signIn(await authority.browserOfAda())).access_token;
    [header, claims] = partsOf(token);
  });
  /** As a gateway of ours would have signed it. */
  const signed = (payload: object, more: object = {}) => {
    const text = `${encode({ ...header, ...more })}.${encode(payload)}`;
    return `${text}.${Buffer.from(authority.signer.signBytes(Buffer.from(text), header.cert)).toString('base64url')}`;
  };

  it('is taken as it was given', async () => {
    expect(await viewerOf(signed(claims))).toBeDefined();
  });

  it.each([
    ['is over', { exp: 1 }],
    ['is from the future', { iat: 4_000_000_000, exp: 4_000_000_600 }],
    ['has no end', { exp: undefined }],
    ['is for somebody else', { aud: 'https://other.acme.dev' }],
    ['is by somebody else', { iss: 'https://other.acme.dev' }],
    ['is of no session', { sid: 'A'.repeat(43) }],
    ['names another person than the session’s', { sub: 'person:other' }],
  ])('that %s is refused', async (_what, changes) => {
    expect(await viewerOf(signed({ ...claims, ...changes }))).toBeUndefined();
  });

  it('is refused where its claims were changed', async () => {
    const [head, , signature] = token.split('.');
    expect(await viewerOf(`${head}.${encode({ ...claims, roles: ['admin'] })}.${signature}`)).toBeUndefined();
  });

  it.each(['none', 'None', 'HS256', 'RS256', 'ES256'])('is refused with alg %s', async (alg) => {
    const text = `${encode({ ...header, alg })}.${encode(claims)}`;
    const key = authority.signer.publicKey.export({ type: 'spki', format: 'der' });
    const macs = [Buffer.alloc(0), createHmac('sha256', key).update(text).digest()];
    for (const mac of macs) expect(await viewerOf(`${text}.${mac.toString('base64url')}`)).toBeUndefined();
    expect(await viewerOf(signed(claims, { alg }))).toBeUndefined();
  });

  it.each(['ticket', 'JWT', 'grant', undefined])('is refused with typ %s: it is something else then', async (typ) => {
    expect(await viewerOf(signed(claims, { typ }))).toBeUndefined();
  });

  it('is refused by a key that the root never saw, whatever it says of it', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const jwk = publicKey.export({ format: 'jwk' });
    for (const more of [{}, { jwk, cert: undefined }, { jku: 'https://evil.dev/jwks' }, { kid: '../../dev/null' }]) {
      const text = `${encode({ ...header, ...more })}.${encode(claims)}`;
      expect(
        await viewerOf(`${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`),
      ).toBeUndefined();
    }
  });

  it('is taken from another gateway', async () => {
    const other = await authority.makeSigner();
    const text = `${encode({ ...header, cert: other.certificate })}.${encode(claims)}`;
    const signature = other.signBytes(Buffer.from(text), other.certificate);
    expect(await viewerOf(`${text}.${Buffer.from(signature).toString('base64url')}`)).toBeDefined();
  });

  it.each(['', '.', 'eyJ', 'eyJ.eyJ.eyJ', 'a.b.c.d', 'x'.repeat(100_000)])('is not %j', async (text) => {
    expect(await viewerOf(text)).toBeUndefined();
  });
});

describe('roles', () => {
  beforeEach(() => {
    authority.roles.splice(0, 1, 'viewer', 'admin');
  });

  it('of whoever administers are not the extension’s', async () => {
    const { access_token } = await program.signIn(await authority.browserOfAda());
    expect((await viewerOf(access_token))?.roles).toEqual(['viewer']);
  });

  it('end with the person’s, before the token does', async () => {
    program = new Program(authority.issuer, COMMAND_LINE, 'http://127.0.0.1:4000/callback');
    const browser = await authority.browserOfAda();
    const { url } = await browser.submit((await browser.follow(program.address())).url.pathname, { answer: 'yes' });
    const { access_token } = (await (await program.redeem(url.searchParams.get('code')!)).json()) as Tokens;
    expect((await viewerOf(access_token))?.roles).toEqual(['viewer', 'admin']);
    authority.roles.pop();
    await authority.people.setBlocked(authority.ada.subject, false); // written anew, as at a sign-in
    expect((await viewerOf(access_token))?.roles).toEqual(['viewer']);
  });
});

describe('a sign-out at the provider', () => {
  it('signs out the programs, too, that were signed in by way of that browser', async () => {
    const browser = await authority.browserOfAda('the provider’s session');
    const tokens = await program.signIn(browser);
    await authority.sessions.endAllOf(authority.ada.subject, 'the provider’s session');
    expect(await isSignedIn(tokens)).toEqual({ byAccess: false, byRefresh: false });
  });
});

describe('a session that was opened in an emergency', () => {
  it('signs no programs in', async () => {
    const browser = await authority.browserOfAda(undefined, true);
    const { response } = await browser.follow(program.address());
    expect(response.status).toBe(500); // 403 by the gateway's filter
    expect((await authority.sessions.list()).length).toBe(1);
  });
});

describe('whoever means harm', () => {
  it('is in no sign-in that another browser began', async () => {
    const [hers, his] = [await authority.browserOfAda(), await authority.browserOfAda()];
    const begun = await hers.open(program.address());
    const response = await his.open(begun.headers.get('location')!);
    expect(response.status).toBe(400);
  });

  it('has no form of ours sent by another page', async () => {
    const asker = new Program(authority.issuer, COMMAND_LINE, 'http://127.0.0.1:4000/callback');
    const browser = await authority.browserOfAda();
    const { url } = await browser.follow(asker.address());
    const { response } = await browser
      .submit(url.pathname, { answer: 'yes' }, { 'sec-fetch-site': 'cross-site' })
      .catch((error) => error);
    expect(response.status).toBe(500); // the gateway's own filter says 403
  });

  it('gets no token by a GET, nor one in an address', async () => {
    const { refresh_token } = await program.signIn(await authority.browserOfAda());
    const fields = new URLSearchParams({ grant_type: 'refresh_token', client_id: program.clientId, refresh_token });
    expect((await fetch(`${authority.issuer}/oauth/token?${fields}`)).status).toBe(404);
    expect((await fetch(`${authority.issuer}/oauth/token?${fields}`, { method: 'POST' })).status).toBe(400);
    const { url } = await (await authority.browserOfAda()).follow(program.address({ response_type: 'token' }));
    expect(url.href).not.toContain('access_token=');
  });

  it('does not decide by a header where we are', async () => {
    const response = await fetch(`${authority.issuer}/.well-known/oauth-authorization-server`, {
      headers: { 'x-forwarded-host': 'evil.dev', forwarded: 'host=evil.dev', 'x-forwarded-proto': 'https' },
    });
    expect(await response.text()).not.toContain('evil.dev');
  });

  it('reads no answer from a page of its own', async () => {
    const { refresh_token } = await program.signIn(await authority.browserOfAda());
    const fields = { grant_type: 'refresh_token', refresh_token };
    const answer = await program.ask('/oauth/token', fields, { origin: 'https://evil.dev' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    '/oauth/reg',
    '/oauth/me',
    '/session/end',
    '/session/end/confirm',
    '/request',
    '/token/introspection',
    '/me',
  ])('finds nothing at %s', async (path) => {
    for (const method of ['GET', 'POST'])
      expect((await fetch(`${authority.issuer}${path}`, { method })).status).toBe(404);
  });
});
