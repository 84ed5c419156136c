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
const errorOf = async (response: Response) => ((await response.json()) as Tokens).error;
const isSignedIn = async ({ access_token, refresh_token }: Tokens) => ({
  byAccess: (await viewerOf(access_token)) !== undefined,
  byRefresh: (await program.refresh(refresh_token)).ok,
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

describe('a sign-out at the provider', () => {
  it('signs out the programs, too, that were signed in by way of that browser', async () => {
    const browser = await authority.browserOfAda('the provider’s session');
    const tokens = await program.signIn(browser);
    await authority.sessions.endAllOf(authority.ada.subject, 'the provider’s session');
    expect(await isSignedIn(tokens)).toEqual({ byAccess: false, byRefresh: false });
  });
});
