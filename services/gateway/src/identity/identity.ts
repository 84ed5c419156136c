import type { Bus, Log } from '@fingerpost/platform';
import type { GatewaySettings } from '../config.ts';
import type { Seal } from '../redis/seal.ts';
import { AccessReview } from './account/access-review.ts';
import { AuditReader } from './audit/audit-reader.ts';
import { IdentityAudit } from './audit/identity-audit.ts';
import { entitleBy } from './people/entitle.ts';
import { People } from './people/people.ts';
import { Sessions } from './session/sessions.ts';
import { WebSessions } from './session/web-session.ts';
import { BackChannelLogout } from './sign-in/back-channel-logout.ts';
import { BreakGlass } from './sign-in/break-glass.ts';
import { Entrance } from './sign-in/entrance.ts';
import { SignIn } from './sign-in/sign-in.ts';
import type { IdentityStore } from './store/identity-store.ts';
import { MachineTokens } from './tokens/machine-tokens.ts';

export interface IdentityParts {
  settings: GatewaySettings;
  store: IdentityStore;
  seal: Seal;
  bus: Bus;
  log: Log;
}

/** All that knows who somebody is, put together. */
export type Identity = ReturnType<typeof openIdentity>;

export function openIdentity({ settings, store, seal, bus, log }: IdentityParts) {
  const origin = originOf(settings);
  const providers = settings.providers ?? [];
  const people = new People(store, entitleBy(providers, settings.breakGlass !== undefined));
  const sessions = new Sessions(store, people);
  const signIn = new SignIn(providers, seal, origin);
  const audit = new IdentityAudit(bus, log);
  const tokens = new MachineTokens(store, people);
  return {
    origin,
    store,
    people,
    sessions,
    signIn,
    audit,
    tokens,
    web: new WebSessions(sessions, origin),
    entrance: new Entrance({ signIn, people, sessions, store, audit, origin }),
    logout: new BackChannelLogout({ signIn, sessions, store, audit }),
    breakGlass: new BreakGlass({ keySha256: settings.breakGlass, people, sessions, audit, log }),
    trail: new AuditReader(bus),
    review: new AccessReview(people, sessions, tokens),
    close: () => {
      sessions.close();
      tokens.close();
      people.close();
    },
  };
}

/** Where browsers reach the gateway. Never from a request: that is the browser's word. */
export const originOf = ({ url, port }: Pick<GatewaySettings, 'url' | 'port'>): string =>
  url === '' ? `http://localhost:${port}` : new URL(url).origin;
