import { createRemoteJWKSet, jwtVerify } from 'jose';
import {
  Browser,
  Program,
  REDIRECT,
  startAuthority,
  type TestAuthority,
  type Tokens,
} from '../testing/authority-server.ts';

let authority: TestAuthority;
let program: Program;
beforeEach(async () => {
  authority = await startAuthority();
  program = new Program(authority.issuer);
});
afterEach(() => authority.close());

describe('signing a program in', () => {
  it('takes whoever is signed in in the browser, without a question', async () => {
    const browser = await authority.browserOfAda();
    const { url } = await browser.follow(program.address());
    expect(url.href).toMatch(REDIRECT);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      code: expect.any(String),
      state: 'a state',
      iss: authority.issuer,
    });
    const tokens = (await (await program.redeem(url.searchParams.get('code')!)).json()) as Tokens;
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: 'fingerpost' });
    expect(await authority.accessTokens.viewerOf(tokens.access_token)).toEqual({
      subject: authority.ada.subject,
      email: 'ada@acme.dev',
      groups: ['sre'],
      roles: ['viewer'],
    });
  });

  it('has whoever is not signed in do that first, and goes on from there', async () => {
    const { url } = await new Browser(authority.issuer).follow(program.address());
    expect(url.pathname).toBe('/sign-in');
    expect(url.searchParams.get('return_to')).toMatch(/^\/oauth\/interaction\/[\w-]+$/);
  });

  it('opens a session for the device, which is listed beside the browser’s', async () => {
    await program.signIn(await authority.browserOfAda());
    const sessions = await authority.sessions.list(authority.ada.subject);
    expect(sessions.map(({ device }) => device).sort()).toEqual(['Extension, Firefox on Linux', 'Firefox on Linux']);
  });

  it('says its claims in the standard’s words, signed by a key of the JWKS', async () => {
    const { access_token } = await program.signIn(await authority.browserOfAda());
    const keys = createRemoteJWKSet(new URL('/oauth/jwks', authority.issuer));
    const { payload, protectedHeader } = await jwtVerify(access_token, keys, {
      issuer: authority.issuer,
      audience: authority.issuer,
      typ: 'at+jwt',
    });
    expect(protectedHeader).toMatchObject({ alg: 'EdDSA', kid: expect.any(String) });
    expect(payload).toMatchObject({
      sub: authority.ada.subject,
      client_id: 'fingerpost-extension',
      groups: ['sre'],
      roles: ['viewer'],
      scope: 'fingerpost',
    });
  });

  it('tells whoever asks where to ask (RFC 8414)', async () => {
    const metadata = await (await fetch(`${authority.issuer}/.well-known/oauth-authorization-server`)).json();
    expect(metadata).toMatchObject({
      issuer: authority.issuer,
      authorization_endpoint: `${authority.issuer}/oauth/authorize`,
      token_endpoint: `${authority.issuer}/oauth/token`,
      device_authorization_endpoint: `${authority.issuer}/oauth/device`,
      revocation_endpoint: `${authority.issuer}/oauth/revoke`,
      jwks_uri: `${authority.issuer}/oauth/jwks`,
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: expect.arrayContaining(['authorization_code', 'refresh_token']),
      authorization_response_iss_parameter_supported: true,
    });
  });
});
