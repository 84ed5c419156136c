import { hash } from 'node:crypto';
import { Fault } from '@fingerpost/contracts';
import { createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { IdentityAudit } from '../audit/identity-audit.ts';
import { subjectOf } from '../people/person.ts';
import type { Sessions } from '../session/sessions.ts';
import type { IdentityStore } from '../store/identity-store.ts';
import type { Provider } from './provider.ts';
import type { SignIn } from './sign-in.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Signatures by the provider's private key alone: nothing that our own secret could make. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const MOST_AGE_S = 300;
const CLOCK_TOLERANCE_S = 60;
/** Longer than a token is good for. */
const SPENT_MS = 2 * (MOST_AGE_S + CLOCK_TOLERANCE_S) * 1_000;
const SPENT = 'spent-logout-token';

export interface BackChannelLogoutParts {
  signIn: Pick<SignIn, 'provider'>;
  sessions: Pick<Sessions, 'endAllOf' | 'endBySid'>;
  store: IdentityStore;
  audit: IdentityAudit;
}

/** A provider says that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0). Each of its words counts once. */
export class BackChannelLogout {
  private readonly keys = new Map<string, JWTVerifyGetKey>();

  constructor(private readonly parts: BackChannelLogoutParts) {}

  /** @throws Fault `identity.refused` for what is no such word of that provider, or comes again */
  async hear(name: string, token: string): Promise<void> {
    const { signIn, sessions, store, audit } = this.parts;
    const { iss, sub, sid, jti } = await this.verify(signIn.provider(name), token);
    const word = hash('sha256', JSON.stringify([iss, jti]), 'base64url');
    if (!(await store.add(SPENT, word, true, { keepMs: SPENT_MS, isQuiet: true }))) throw refused('it was used before');
    try {
      const subject = sub === undefined ? undefined : subjectOf(iss!, sub);
      const ended =
        subject === undefined ? await sessions.endBySid(name, sid!) : await sessions.endAllOf(subject, sid as string);
      for (const id of ended)
        audit.tell({ actor: `provider:${name}`, action: 'session.ended', target: `session:${id}` });
    } catch (error) {
      await store.take(SPENT, word).catch(() => {}); // it may come again: nothing was done yet
      throw error;
    }
  }

  private async verify(provider: Provider, token: string): Promise<JWTPayload & { sid?: string }> {
    const { issuer, clientId } = provider.settings;
    const keys = await this.keysOf(provider);
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer,
      audience: clientId,
      algorithms: ALGORITHMS,
      maxTokenAge: MOST_AGE_S,
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ['jti', 'events'],
    }).catch((error: Error & { code?: string }) => {
      throw refused(error.code ?? error.message, error);
    });
    const { sub, sid, events, nonce } = payload as { sub?: unknown; sid?: unknown; events?: unknown; nonce?: unknown };
    const isLogout = typeof events === 'object' && events !== null && Object.hasOwn(events, EVENT);
    const isNamed = [sub, sid].some((name) => typeof name === 'string');
    const isTyped = ['logout+jwt', 'jwt', undefined].includes(protectedHeader.typ?.toLowerCase());
    if (!isLogout || !isNamed || !isTyped || nonce !== undefined) throw refused('it is no logout token');
    return payload;
  }

  private async keysOf(provider: Provider): Promise<JWTVerifyGetKey> {
    const { jwks_uri: address } = await provider.describe();
    if (address === undefined) throw refused('the provider publishes no keys');
    const keys = this.keys.get(address) ?? createRemoteJWKSet(new URL(address), { cooldownDuration: 1_000 });
    this.keys.set(address, keys);
    return keys;
  }
}

const refused = (reason: string, cause?: unknown): Fault =>
  new Fault('identity.refused', `The logout token is refused: ${reason}.`, { cause });
