import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { Program, startAuthority, type TestAuthority, type Tokens } from '../testing/authority-server.ts';
import { COMMAND_LINE } from './clients.ts';

let authority: TestAuthority;
let program: Program;
beforeEach(async () => {
  authority = await startAuthority();
  program = new Program(authority.issuer);
});
afterEach(() => authority.close());

const viewerOf = (token: string) => authority.accessTokens.viewerOf(token);

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
