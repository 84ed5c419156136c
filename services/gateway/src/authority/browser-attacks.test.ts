import { Program, startAuthority, type TestAuthority } from '../testing/authority-server.ts';
import { COMMAND_LINE } from './clients.ts';

let authority: TestAuthority;
let program: Program;
beforeEach(async () => {
  authority = await startAuthority();
  program = new Program(authority.issuer);
});
afterEach(() => authority.close());

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
