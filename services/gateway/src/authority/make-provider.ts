import type { Log, Signer } from '@fingerpost/platform';
import type { AdapterPayload, Configuration, Provider as OidcProvider } from 'oidc-provider';
import type { IdentityAudit } from '../identity/audit/identity-audit.ts';
import type { Person } from '../identity/people/person.ts';
import { IDLE_MS } from '../identity/session/session.ts';
import type { Sessions } from '../identity/session/sessions.ts';
import type { IdentityStore } from '../identity/store/identity-store.ts';
import { clientsAt, EXTENSION } from './clients.ts';
import { errors, Provider } from './oidc-provider.ts';
import { confirmDevicePage, deviceCodePage, deviceDonePage, problemPage } from './pages/pages.ts';
import { nameRefreshToken, providerStore, SCOPE } from './provider-store.ts';
import { GatewayKey, headerBy } from './tokens/gateway-key.ts';
import { RefreshTokens } from './tokens/refresh-tokens.ts';

export interface ProviderParts {
  /** where browsers reach this: `https://fingerpost.acme.dev` */
  issuer: string;
  extensionRedirects: readonly string[];
  store: IdentityStore;
  sessions: Sessions;
  audit: IdentityAudit;
  signer: Signer;
  log: Log;
  now?: () => number;
}

/** Whom oidc-provider calls an account: a person's session on one device. */
interface SignedIn {
  accountId: string;
  person: Person;
}

export const ACCESS_TOKEN_SECONDS = 600;
const FLOW_SECONDS = 600;

/** Paths of ours. RFC 8414 says them to whoever asks. */
export const PATHS = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  revocation: '/oauth/revoke',
  jwks: '/oauth/jwks',
  device_authorization: '/oauth/device',
  code_verification: '/device',
} as const;
export const INTERACTION = '/oauth/interaction';

const OF_EXTENSIONS = /^(chrome|moz)-extension:\/\/[a-z0-9-]+$/;

const COOKIES: Configuration['cookies'] = {
  names: { session: 'fingerpost_form', interaction: 'fingerpost_interaction', resume: 'fingerpost_resume' },
  long: { httpOnly: true, sameSite: 'lax' },
  short: { httpOnly: true, sameSite: 'lax' },
};

/** The authorization server for programs of ours on people's machines: oidc-provider, with everything off that they do not need. */
export function makeProvider(parts: ProviderParts): OidcProvider {
  const { issuer, sessions, store, signer, log } = parts;
  const refreshTokens = new RefreshTokens<AdapterPayload>(store, parts.now);
  const provider = new Provider(issuer, {
    adapter: providerStore({ store, sessions, refreshTokens, issuer, audit: parts.audit }),
    clients: clientsAt(issuer, parts.extensionRedirects),
    clientAuthMethods: ['none'],
    responseTypes: ['code'],
    scopes: [], // there is one, and it belongs to the resource
    claims: {},
    jwks: { keys: [new GatewayKey(signer)] },
    features: featuresAt(issuer),
    findAccount: async (_, sessionId) => {
      const session = await sessions.use(sessionId);
      return session && { accountId: sessionId, person: session.person, claims: async () => ({ sub: sessionId }) };
    },
    formats: {
      customizers: {
        jwt: async (ctx, _token, jwt) => {
          const { accountId: sid, person } = ctx.oidc.account as unknown as SignedIn;
          const { subject: sub, groups } = person;
          const roles = person.roles.filter((role) => isFor(role, jwt.payload.client_id));
          jwt.header = headerBy(signer);
          Object.assign(jwt.payload, { sub, sid, groups, roles });
        },
      },
    },
    interactions: { url: (_, { uid }) => `${INTERACTION}/${uid}` },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    expiresWithSession: async () => false, // with ours, not with that of its forms
    clientBasedCORS: (_, origin, { clientId }) => clientId === EXTENSION && OF_EXTENSIONS.test(origin),
    cookies: COOKIES,
    routes: PATHS,
    renderError: async (ctx, { error, error_description: why }) => {
      ctx.type = 'html';
      ctx.body = problemPage(error, why);
    },
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: 60,
      DeviceCode: FLOW_SECONDS,
      Interaction: FLOW_SECONDS,
      Session: FLOW_SECONDS,
      Grant: FLOW_SECONDS,
      RefreshToken: IDLE_MS / 1_000,
    },
  } as Configuration);
  provider.proxy = true; // what is said there, `mount-authority` says
  Object.assign(provider.RefreshToken.prototype, { generateTokenId: () => nameRefreshToken(refreshTokens) });
  provider.on('server_error', (_, error) => log.error({ err: error }, 'the authorization server stumbled'));
  return provider;
}

/** A browser is for looking: whoever gets hold of an extension's token cannot administer with it. */
const isFor = (role: string, clientId: unknown): boolean => clientId !== EXTENSION || role === 'viewer';

function featuresAt(issuer: string): Configuration['features'] {
  const off = { enabled: false };
  return {
    devInteractions: off,
    dPoP: off,
    pushedAuthorizationRequests: off,
    rpInitiatedLogout: off,
    userinfo: off,
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    revocation: { enabled: true, allowedPolicy: async (_, client, token) => token.clientId === client.clientId },
    deviceFlow: {
      enabled: true,
      deviceInfo: () => ({}),
      userCodeInputSource: async (ctx, form, _, error) => {
        ctx.body = deviceCodePage(form, error !== undefined);
      },
      userCodeConfirmSource: async (ctx, form, _client, _device, userCode) => {
        ctx.body = confirmDevicePage(form, userCode);
      },
      successSource: async (ctx) => {
        ctx.body = deviceDonePage();
      },
    },
    resourceIndicators: {
      enabled: true,
      defaultResource: async () => issuer,
      useGrantedResource: async () => true,
      getResourceServerInfo: async (_, resource) => {
        if (resource !== issuer) throw new errors.InvalidTarget();
        return {
          scope: SCOPE,
          audience: issuer,
          accessTokenFormat: 'jwt',
          accessTokenTTL: ACCESS_TOKEN_SECONDS,
          jwt: { sign: { alg: 'EdDSA' } },
        };
      },
    },
  };
}
