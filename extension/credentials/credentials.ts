import type { Profile } from '../profiles/profiles.ts';

export type SignIn =
  | { state: 'signed-in' /** e.g. "with a pasted token" */; how: string }
  /** `why` where it was not the person's own doing */
  | { state: 'signed-out'; why?: string };

/**
 * Who we are to a gateway. Lives in the background worker alone: what it holds is written to no message but the request itself.
 * The worker may be stopped between any two calls, so every promise is kept in storage first.
 */
export interface Credentials {
  /** What goes behind "Bearer", renewed where that is possible; nothing when signed out. @throws GatewayProblem when the gateway is away */
  token(profile: Profile): Promise<string | undefined>;
  /** The gateway did not know what it was sent. */
  refused(profile: Profile): Promise<void>;
  signOut(profile: Profile): Promise<void>;
  read(profile: Profile): Promise<SignIn>;
}
