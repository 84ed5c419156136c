import { hash } from 'node:crypto';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { IdentityAudit } from '../identity/audit/identity-audit.ts';
import type { Sessions } from '../identity/session/sessions.ts';
import type { IdentityStore } from '../identity/store/identity-store.ts';
import { grantIn } from './grants.ts';
import { errors, Provider } from './oidc-provider.ts';
import type { RefreshTokens } from './tokens/refresh-tokens.ts';

export interface ProviderStoreParts {
  store: IdentityStore;
  sessions: Sessions;
  refreshTokens: RefreshTokens<AdapterPayload>;
  issuer: string;
  audit: Pick<IdentityAudit, 'tell'>;
}

type Model = Pick<Adapter, 'upsert' | 'find' | 'destroy'> & Partial<Adapter>;

/** Where oidc-provider keeps what it must find again: on shelves of the identity store, by hashes of the ids. */
export function providerStore(parts: ProviderStoreParts) {
  const models: Record<string, Model> = {
    Grant: grants(parts),
    Session: sessionsOfForms(parts.store),
    RefreshToken: refreshTokens(parts),
    AuthorizationCode: { ...shelf(parts.store, 'code'), consume: useOnce(parts, 'code') },
    DeviceCode: { ...deviceCodes(parts.store), consume: useOnce(parts, 'device') },
    Interaction: shelf(parts.store, 'interaction'),
  };
  return (name: string): Adapter => ({ ...NOTHING, ...models[name] });
}

/** Of clients we know ours, and what is not kept is not found. A grant that is gone takes all that it led to along. */
const NOTHING: Adapter = {
  upsert: async () => {},
  find: async () => undefined,
  findByUserCode: async () => undefined,
  findByUid: async () => undefined,
  consume: async () => {},
  destroy: async () => {},
  revokeByGrantId: async () => {},
};

function shelf(store: IdentityStore, name: string, keyOf = hashOf): Model {
  return {
    upsert: async (id, { jti: _, ...payload }, seconds) =>
      store.write(name, keyOf(id), payload, { keepMs: seconds! * 1_000, isQuiet: true }),
    find: async (id) => {
      const [payload, used] = await Promise.all([
        store.read<AdapterPayload>(name, keyOf(id)),
        store.read<{ at: number }>(USED, `${name} ${keyOf(id)}`),
      ]);
      return payload && { ...payload, jti: id, ...(used && { consumed: used.at }) };
    },
    destroy: async (id) => void (await store.take(name, keyOf(id))),
  };
}

const USED = 'used';
const USED_MS = 3_600_000;

/** oidc-provider looks first and marks then: of two at once, the slower one is a replay, too. */
function useOnce(parts: ProviderStoreParts, name: string) {
  return async (id: string): Promise<void> => {
    const at = Math.floor(Date.now() / 1_000);
    if (await parts.store.add(USED, `${name} ${hashOf(id)}`, { at }, { keepMs: USED_MS, isQuiet: true })) return;
    const { accountId } = (await parts.store.read<AdapterPayload>(name, hashOf(id))) ?? {};
    if (accountId !== undefined) await end(parts, accountId, 'a code was used twice');
    throw new errors.InvalidGrant('already used');
  };
}

/** A grant is a person's session on one device: it lasts as long, and ends with it. */
function grants(parts: ProviderStoreParts): Model {
  const { sessions, issuer } = parts;
  const reason = () => (Provider.ctx!.oidc.route === 'revocation' ? 'signed out' : 'a code or token was used twice');
  return {
    upsert: async () => {},
    find: async (id) => {
      const { sessionId, clientId } = grantIn(id);
      if ((await sessions.use(sessionId)) === undefined) return undefined;
      return { jti: id, kind: 'Grant', accountId: sessionId, clientId, resources: { [issuer]: SCOPE } };
    },
    destroy: (id) => end(parts, grantIn(id).sessionId, reason()),
  };
}

async function end({ sessions, audit }: ProviderStoreParts, sessionId: string, reason: string): Promise<void> {
  if (await sessions.end(sessionId))
    audit.tell({
      actor: 'service:gateway',
      action: 'session.ended',
      target: `session:${sessionId}`,
      detail: { reason },
    });
}

export const SCOPE = 'fingerpost';

/** oidc-provider's own sessions carry the secrets of forms, and nobody's sign-in: that is the web session's to say, each time. */
function sessionsOfForms(store: IdentityStore): Model {
  const kept = shelf(store, 'form');
  return {
    ...kept,
    upsert: (id, { accountId: _, authorizations: __, loginTs: ___, ...rest }, seconds) =>
      kept.upsert(id, rest, seconds),
  };
}

function refreshTokens({ refreshTokens }: ProviderStoreParts): Model {
  return {
    upsert: (id, { jti: _, ...payload }, seconds) =>
      refreshTokens.keep(id, payload, seconds! * 1_000, stateOfRequest().familyKey),
    find: async (id) => {
      const shown = await refreshTokens.show(id);
      if (shown === undefined) return undefined;
      stateOfRequest().successor = shown.successor;
      return { ...shown.claims, jti: id, ...(shown.isReused && { consumed: true }) };
    },
    destroy: (id) => refreshTokens.forget(id),
  };
}

/** The name of a new refresh token: the successor of the one that was shown in this request, or the first of a family. */
export function nameRefreshToken(refreshTokens: RefreshTokens<AdapterPayload>): string {
  const state = stateOfRequest();
  if (state.successor !== undefined) return state.successor;
  const { token, key } = refreshTokens.begin();
  state.familyKey = key;
  return token;
}

const stateOfRequest = () => Provider.ctx!.state as { successor?: string; familyKey?: string };

/**
 * Device codes are found by the code that a person types, too. From there on they go by their hash: the store does not know them, and
 * the one who asks for tokens must.
 */
function deviceCodes(store: IdentityStore): Model {
  const keyOf = (id: string) => (id.startsWith(BY_HASH) ? id.slice(BY_HASH.length) : hashOf(id));
  const kept = shelf(store, 'device', keyOf);
  const isForTokens = () => Provider.ctx!.oidc.route === 'token';
  return {
    ...kept,
    upsert: async (id, { userCode, ...payload }, seconds) => {
      await kept.upsert(id, payload, seconds);
      if (userCode === undefined) return;
      const found = { hash: keyOf(id) };
      await store.write('user-code', hashOf(userCode), found, { keepMs: seconds! * 1_000, isQuiet: true });
    },
    find: async (id) => (id.startsWith(BY_HASH) && isForTokens() ? undefined : kept.find(id)),
    findByUserCode: async (userCode) => {
      const found = await store.read<{ hash: string }>('user-code', hashOf(userCode));
      const code = found && (await kept.find(`${BY_HASH}${found.hash}`));
      return code && { ...code, userCode };
    },
  };
}

const BY_HASH = 'hash:';
const hashOf = (id: string): string => hash('sha256', id, 'base64url');
