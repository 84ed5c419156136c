import { GatewayProblem } from '@fingerpost/bar';
import type { Profile } from '../profiles/profiles.ts';
import { read, type Store } from '../store/store.ts';
import type { Credentials, SignIn } from './credentials.ts';
import { type Begun, GatewayAuthority, SignInOver, type Tokens } from './gateway-authority.ts';

/** What the names of kept sign-ins begin with. */
export const ACCOUNT = 'account:';

interface Kept {
  gateway: string;
  /** absent: the sign-in has ended, and not by the person's own doing */
  refresh?: string;
  /** e.g. an e-mail address */
  name?: string;
}

interface KeptAccess {
  gateway: string;
  token: string;
  expiresAt: number;
}

type Authority = Pick<GatewayAuthority, 'begin' | 'finish' | 'renew' | 'giveBack' | 'nameOf'>;

const SOON_MS = 60_000;

/**
 * Signed in with the company account. The refresh token is kept on this machine, the access token and what a sign-in must remember until
 * it is over only while the browser runs; no page is ever told any of them.
 */
export class Account implements Credentials {
  private readonly renewing = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly local: Store,
    private readonly session: Store,
    private readonly authorityOf: (profile: Profile) => Authority = (profile) => new GatewayAuthority(profile),
    private readonly now: () => number = Date.now,
  ) {}

  /** @returns where the browser goes to sign in */
  async begin(profile: Profile, redirect: string): Promise<string> {
    const { address, begun } = await this.authorityOf(profile).begin(redirect);
    await this.session.set({ [begunOf(profile)]: begun });
    return address;
  }

  /** @param address where the browser came back to. It counts once, and only for the sign-in that began last */
  async finish(profile: Profile, address: string): Promise<SignIn> {
    const begun = await read<Begun>(this.session, begunOf(profile));
    await this.session.remove(begunOf(profile));
    if (begun === undefined) return { state: 'signed-out', why: 'This sign-in was over already. Begin again.' };
    try {
      const tokens = await this.authorityOf(profile).finish(address, begun);
      const name = await this.authorityOf(profile)
        .nameOf(tokens.access)
        .catch(() => undefined);
      await this.keep(profile, tokens, name);
    } catch (error) {
      return { state: 'signed-out', why: `The gateway did not sign you in: ${(error as Error).message}` };
    }
    return this.read(profile);
  }

  async token(profile: Profile): Promise<string | undefined> {
    const access = await read<KeptAccess>(this.session, accessOf(profile));
    const isGood = access?.gateway === profile.gateway && access.expiresAt - SOON_MS > this.now();
    return isGood ? access.token : this.renewOnce(profile);
  }

  /** An access token that is refused before its time: the session may have ended, and the refresh token knows. */
  async refused(profile: Profile): Promise<void> {
    await this.session.remove(accessOf(profile));
    await this.renewOnce(profile).catch(() => {});
  }

  async signOut(profile: Profile): Promise<void> {
    const kept = await this.kept(profile);
    await this.session.remove([accessOf(profile), begunOf(profile)]);
    await this.local.remove(accountOf(profile));
    // Whether or not the gateway hears it, this machine has forgotten.
    if (kept?.refresh !== undefined)
      await this.authorityOf(profile)
        .giveBack(kept.refresh)
        .catch(() => {});
  }

  async read(profile: Profile): Promise<SignIn> {
    const kept = await this.kept(profile);
    if (kept === undefined) return { state: 'signed-out' };
    return kept.refresh === undefined
      ? { state: 'signed-out', why: 'Your sign-in has ended. Sign in again.' }
      : { state: 'signed-in', how: kept.name === undefined ? 'with your company account' : `as ${kept.name}` };
  }

  // Many may ask at once; the gateway is asked once.
  private renewOnce(profile: Profile): Promise<string | undefined> {
    const running = this.renewing.get(profile.id);
    if (running !== undefined) return running;
    const renewal = this.renew(profile).finally(() => this.renewing.delete(profile.id));
    this.renewing.set(profile.id, renewal);
    return renewal;
  }

  /** While the gateway is away one stays signed in: that it does not answer says nothing. */
  private async renew(profile: Profile): Promise<string | undefined> {
    const { refresh, name } = (await this.kept(profile)) ?? {};
    if (refresh === undefined) return undefined;
    try {
      const tokens = await this.authorityOf(profile).renew(refresh);
      if ((await this.kept(profile))?.refresh !== refresh) return undefined; // signed out meanwhile
      await this.keep(profile, tokens, name);
      return tokens.access;
    } catch (error) {
      if (!(error instanceof SignInOver))
        throw new GatewayProblem({ status: 0, title: 'The gateway does not answer' }, { cause: error });
      await this.local.set({ [accountOf(profile)]: { gateway: profile.gateway } satisfies Kept });
    }
  }

  // The refresh token first: without it the access token is worth ten minutes.
  private async keep(profile: Profile, { access, expiresAt, refresh }: Tokens, name?: string): Promise<void> {
    const { gateway } = profile;
    await this.local.set({ [accountOf(profile)]: { gateway, refresh, name } satisfies Kept });
    await this.session.set({ [accessOf(profile)]: { gateway, token: access, expiresAt } satisfies KeptAccess });
  }

  private async kept(profile: Profile): Promise<Kept | undefined> {
    const kept = await read<Kept>(this.local, accountOf(profile));
    return kept?.gateway === profile.gateway ? kept : undefined;
  }
}

const accountOf = ({ id }: Profile) => `${ACCOUNT}${id}`;
const accessOf = ({ id }: Profile) => `access:${id}`;
const begunOf = ({ id }: Profile) => `begun:${id}`;
