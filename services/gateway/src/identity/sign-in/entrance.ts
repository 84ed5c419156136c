import { isFault } from '@fingerpost/contracts';
import type { IdentityAudit } from '../audit/identity-audit.ts';
import type { People } from '../people/people.ts';
import { LONGEST_MS, type Session } from '../session/session.ts';
import type { Sessions } from '../session/sessions.ts';
import type { IdentityStore } from '../store/identity-store.ts';
import type { SignIn } from './sign-in.ts';

/** By session: what its provider wants to see at sign-out. */
const HINTS = 'sign-out-hint';

export interface EntranceParts {
  signIn: SignIn;
  people: People;
  sessions: Sessions;
  store: IdentityStore;
  audit: IdentityAudit;
  origin: string;
}

/** Coming in and going out: what a provider has vouched for becomes a session, always a new one. */
export class Entrance {
  constructor(private readonly parts: EntranceParts) {}

  /** @throws Fault as `SignIn.finish` and `People.welcome` do; each refusal is in the audit trail */
  async enter(
    provider: string,
    path: string,
    { cookie, device }: { cookie?: string; device: string },
  ): Promise<{ secret: string; returnTo: string }> {
    const { signIn, people, sessions, store, audit } = this.parts;
    try {
      const { vouched, sid, idToken, returnTo } = await signIn.finish(provider, path, cookie);
      const person = await people.welcome(vouched).catch((fault) => {
        throw Object.assign(fault, { detail: { email: vouched.email ?? '', sub: vouched.sub } });
      });
      const { session, secret } = await sessions.open(person, { device, ...(sid !== undefined && { sid }) });
      await store.write(HINTS, session.id, idToken, { keepMs: LONGEST_MS, owner: person.subject, isQuiet: true });
      const detail = { provider, device, email: person.email ?? '', roles: person.roles };
      audit.tell({ actor: person.subject, action: 'session.opened', target: `session:${session.id}`, detail });
      return { secret, returnTo };
    } catch (error) {
      if (isFault(error) && cookie !== undefined) this.tellRefused(provider, error);
      throw error;
    }
  }

  /** @returns where the browser goes on: the provider's own sign-out, where it has one */
  async leave(session: Session): Promise<string> {
    const { signIn, sessions, store, audit, origin } = this.parts;
    const hint = await store.take<string>(HINTS, session.id);
    await sessions.end(session.id);
    audit.tell({ actor: session.person.subject, action: 'session.ended', target: `session:${session.id}` });
    const signedOut = `${origin}/signed-out`;
    if (session.isBreakGlass) return signedOut;
    const provider = signIn.provider(session.person.provider);
    return (await provider.endSessionUrl(hint, signedOut).catch(() => undefined)) ?? signedOut;
  }

  // Without the cookie of a sign-in anybody could fill the trail.
  private tellRefused(
    provider: string,
    { code, message, detail = {} }: { code: string; message: string; detail?: object },
  ) {
    if (code !== 'identity.refused' && code !== 'request.forbidden') return;
    const target = `provider:${provider}`;
    const more = Object.fromEntries(Object.entries(detail).filter(([, value]) => typeof value === 'string'));
    this.parts.audit.tell({
      actor: 'service:gateway',
      action: 'sign_in.refused',
      target,
      detail: { ...more, reason: message.slice(0, 300) },
    });
  }
}
