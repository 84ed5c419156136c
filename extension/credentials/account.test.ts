import { GatewayProblem } from '@fingerpost/bar';
import type { Profile } from '../profiles/profiles.ts';
import { memoryStore } from '../testing/memory-store.ts';
import { Account } from './account.ts';
import { EitherWay } from './either-way.ts';
import { SignInOver } from './gateway-authority.ts';
import { PastedToken } from './pasted-token.ts';

const profile: Profile = { id: 'one', name: 'One', gateway: 'https://one.acme.dev', isManaged: false };
const REDIRECT = 'https://ours.chromiumapp.org/';

describe('signed in with the company account', () => {
  let at: number;
  let local: ReturnType<typeof memoryStore>;
  let session: ReturnType<typeof memoryStore>;
  let account: Account;
  let renewals: string[];
  let renewed: () => Promise<void>;
  let givenBack: string[];

  const tokens = (name: string) => ({ access: `access ${name}`, refresh: `refresh ${name}`, expiresAt: at + 600_000 });
  const authority = () => ({
    begin: async (redirect: string) => ({
      address: 'https://one.acme.dev/oauth/authorize?x',
      begun: { state: 's', verifier: 'v', redirect },
    }),
    finish: async (address: string, { state }: { state: string }) => {
      if (new URL(address).searchParams.get('state') !== state) throw new Error('another state');
      return tokens('0');
    },
    renew: async (refresh: string) => {
      renewals.push(refresh);
      await renewed();
      return tokens(String(renewals.length));
    },
    giveBack: async (refresh: string) => void givenBack.push(refresh),
    nameOf: async () => 'ada@acme.dev',
  });
  const make = () => new Account(local, session, authority, () => at);

  beforeEach(async () => {
    at = 1_000_000;
    [local, session, renewals, givenBack] = [memoryStore(), memoryStore(), [], []];
    renewed = async () => {};
    account = make();
  });
  const signIn = async () => {
    await account.begin(profile, REDIRECT);
    return account.finish(profile, `${REDIRECT}?code=c&state=s`);
  };

  it('begins in one worker and finishes in the next', async () => {
    await account.begin(profile, REDIRECT);
    account = make();
    expect(await account.finish(profile, `${REDIRECT}?code=c&state=s`)).toEqual({
      state: 'signed-in',
      how: 'as ada@acme.dev',
    });
    expect(await make().token(profile)).toBe('access 0');
  });

  it.each([
    ['nothing had begun', async () => {}],
    ['it was finished before', signIn],
  ])('is not finished where %s', async (_what, before) => {
    await before();
    await account.signOut(profile);
    expect(await account.finish(profile, `${REDIRECT}?code=c&state=s`)).toMatchObject({ state: 'signed-out' });
  });

  it('is not finished by what another sign-in came back with, and not by a second try', async () => {
    await account.begin(profile, REDIRECT);
    expect(await account.finish(profile, `${REDIRECT}?code=c&state=other`)).toMatchObject({ state: 'signed-out' });
    expect(await account.finish(profile, `${REDIRECT}?code=c&state=s`)).toMatchObject({ state: 'signed-out' });
  });

  it('renews its token a minute before it ends, once for all who ask', async () => {
    await signIn();
    at += 540_001;
    const asked = await Promise.all(Array.from({ length: 20 }, () => account.token(profile)));
    expect(new Set(asked)).toEqual(new Set(['access 1']));
    expect(renewals).toEqual(['refresh 0']);
    at += 540_001;
    expect(await make().token(profile)).toBe('access 2');
    expect(renewals).toEqual(['refresh 0', 'refresh 1']);
  });

  it('goes on where the worker was stopped before the answer had come', async () => {
    await signIn();
    at += 540_001;
    renewed = () => new Promise(() => {});
    void account.token(profile);
    renewed = async () => {};
    expect(await make().token(profile)).toMatch('access');
    expect(renewals).toEqual(['refresh 0', 'refresh 0']);
  });

  it('stays signed in while the gateway is away', async () => {
    await signIn();
    at += 540_001;
    renewed = async () => {
      throw new TypeError('Failed to fetch');
    };
    await expect(account.token(profile)).rejects.toThrow(GatewayProblem);
    expect(await account.read(profile)).toMatchObject({ state: 'signed-in' });
    renewed = async () => {};
    expect(await account.token(profile)).toBe('access 2');
  });

  it('is signed out, and says why, once the gateway knows its sign-in no more', async () => {
    await signIn();
    renewed = async () => {
      throw new SignInOver('over');
    };
    await account.refused(profile);
    expect(await account.token(profile)).toBeUndefined();
    expect(await account.read(profile)).toEqual({ state: 'signed-out', why: expect.stringContaining('Sign in again') });
    expect(JSON.stringify([local.all(), session.all()])).not.toMatch(/(access|refresh) \d/);
  });

  it('stays signed out where a renewal comes back after the person has left', async () => {
    await signIn();
    at += 540_001;
    let answer = () => {};
    renewed = () => new Promise<void>((resolve) => (answer = resolve));
    const asked = account.token(profile);
    while (renewals.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await account.signOut(profile);
    answer();
    expect(await asked).toBeUndefined();
    expect(local.all()).toEqual({});
    expect(givenBack).toEqual(['refresh 0']);
  });

  it('goes to no other gateway, whatever its profile is called', async () => {
    await signIn();
    expect(await account.token({ ...profile, gateway: 'https://evil.dev' })).toBeUndefined();
    expect(await account.token({ ...profile, id: 'two' })).toBeUndefined();
  });

  it('counts before a pasted token, and signing out forgets both', async () => {
    const pasted = new PastedToken(local);
    const either = new EitherWay([account, pasted]);
    await pasted.paste(profile, 'fp_abc');
    expect(await either.token(profile)).toBe('fp_abc');
    await signIn();
    expect(await either.token(profile)).toBe('access 0');
    expect(await either.read(profile)).toMatchObject({ how: 'as ada@acme.dev' });
    await either.signOut(profile);
    expect(await either.token(profile)).toBeUndefined();
    expect(local.all()).toEqual({});
  });
});
