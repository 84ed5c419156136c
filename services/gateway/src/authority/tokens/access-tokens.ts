import type { Viewer } from '@fingerpost/contracts';
import type { RememberedVerifier } from '@fingerpost/platform';
import { viewerOfPerson } from '../../identity/people/person.ts';
import type { Sessions } from '../../identity/session/sessions.ts';

/** What an access token says (RFC 9068). Times are seconds. */
export interface AccessClaims {
  iss: string;
  aud: string;
  /** the person */
  sub: string;
  /** the person's session on this device */
  sid: string;
  client_id: string;
  iat: number;
  exp: number;
  groups: string[];
  roles: string[];
}

/** Gateways' clocks may differ by as much, as for tickets. */
const SKEW_SECONDS = 150;

/**
 * Access tokens, as any gateway of ours has signed them. A token that was verified is remembered; whether its session is still open is
 * asked each time, so that nothing outlives it. Roles are those that both the person has now and the token says.
 */
export class AccessTokens {
  constructor(
    private readonly verifier: RememberedVerifier,
    private readonly sessions: Sessions,
    private readonly issuer: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** @returns nothing for what is no token of ours, any more or at all. @throws Fault `identity.unavailable` */
  async viewerOf(token: string): Promise<Viewer | undefined> {
    if (!isAccessToken(token)) return undefined;
    const claims = await this.verifier.verify<AccessClaims>('at+jwt', token).catch(() => undefined);
    if (claims === undefined || !this.counts(claims)) return undefined;
    const session = await this.sessions.use(claims.sid);
    if (session?.person.subject !== claims.sub) return undefined;
    const viewer = viewerOfPerson(session.person);
    return { ...viewer, roles: viewer.roles.filter((role) => claims.roles.includes(role)) };
  }

  private counts({ iss, aud, exp, iat }: AccessClaims): boolean {
    const seconds = this.now() / 1_000;
    return iss === this.issuer && aud === this.issuer && exp + SKEW_SECONDS > seconds && iat - SKEW_SECONDS < seconds;
  }
}

/** Told from API tokens by its form: a JWT begins with its header. */
const isAccessToken = (token: string): boolean => token.startsWith('eyJ');
