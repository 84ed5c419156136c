import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SettingsError } from '@fingerpost/platform';
import type { Configuration, Provider } from 'oidc-provider';
import { memory } from './memory.ts';
import { choosingPage, leavingPage, whole } from './page.ts';
import { findPerson } from './people.ts';

export interface DevelopmentProviderOptions {
  /** 0: any */
  port: number;
  host?: string;
  /** what browsers and the gateway call it; by default this machine at that port */
  issuer?: string;
  clients: DevelopmentClient[];
}

export interface DevelopmentClient {
  id: string;
  secret: string;
  /** where its gateway is: `http://localhost:3000` */
  origin: string;
  /** the provider's name in its settings */
  name: string;
}

export interface DevelopmentProvider {
  issuer: string;
  /** new signing keys, as every provider makes them some day */
  rotateKeys(): void;
  /** secrets of its clients that count from now on: two at once where one follows the other */
  believe(...secrets: string[]): void;
  close(): Promise<void>;
}

/** A real OpenID provider with two people and no passwords. @throws SettingsError in production */
export async function startDevelopmentProvider(options: DevelopmentProviderOptions): Promise<DevelopmentProvider> {
  if (process.env.NODE_ENV === 'production')
    throw new SettingsError([
      'NODE_ENV: is production, and the development provider lets anybody be anybody; name a provider in FINGERPOST_OIDC',
    ]);
  const server = createServer().listen(options.port, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const issuer = options.issuer ?? `http://localhost:${(server.address() as AddressInfo).port}`;
  const { default: OidcProvider } = await quietly(() => import('oidc-provider'));
  let believed: readonly string[] | undefined;
  const make = () => answerAs(makeProvider(OidcProvider, issuer, options.clients, () => believed));
  let answer = make();
  server.on('request', (request, response) => void answer(request, response));
  return {
    issuer,
    rotateKeys: () => {
      answer = make();
    },
    believe: (...secrets) => {
      believed = secrets;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

// It says that it would rather have a release of Node with long support, each time.
async function quietly<T>(load: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = () => {};
  try {
    return await load();
  } finally {
    console.warn = warn;
  }
}

function makeProvider(
  OidcProvider: typeof Provider,
  issuer: string,
  clients: readonly DevelopmentClient[],
  believed: () => readonly string[] | undefined,
): Provider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };
  const provider = new OidcProvider(issuer, {
    ...CONFIGURATION,
    adapter: memory(),
    clients: clients.map(asClient),
    jwks: { keys: [jwk] as never },
  });
  provider.Client.prototype.compareClientSecret = function (secret) {
    return (believed() ?? [this.clientSecret]).includes(secret);
  };
  provider.proxy = issuer.startsWith('https:'); // then somebody else does TLS for it, and says so
  provider.on('server_error', (_ctx, error) => console.error('development provider:', error));
  return provider;
}

const asClient = ({ id, secret, origin, name }: DevelopmentClient) => ({
  client_id: id,
  client_secret: secret,
  redirect_uris: [`${origin}/sign-in/${name}/callback`],
  post_logout_redirect_uris: [`${origin}/signed-out`],
  backchannel_logout_uri: `${origin}/sign-in/${name}/back-channel-logout`,
  backchannel_logout_session_required: true,
});

const CONFIGURATION: Configuration = {
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  pkce: { required: () => true },
  claims: { openid: ['sub', 'sid'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
  conformIdTokenClaims: false,
  findAccount: (_ctx, sub) => {
    const person = findPerson(sub);
    if (person === undefined) return undefined;
    const { name, email, groups } = person;
    return { accountId: sub, claims: () => ({ sub, name, email, email_verified: true, groups: [...groups] }) };
  },
  // Nobody is asked whether they agree: the gateway is ours.
  loadExistingGrant: async (ctx) => {
    const { client, session } = ctx.oidc;
    const grant = new ctx.oidc.provider.Grant({ accountId: session!.accountId, clientId: client!.clientId });
    grant.addOIDCScope('openid profile email');
    await grant.save();
    return grant;
  },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = leavingPage(form);
      },
    },
  },
  // Cookies know no ports: the gateway beside it, on this machine too, has an authorization server of its own.
  cookies: {
    keys: [randomBytes(32).toString('base64url')],
    names: { session: 'development_session', interaction: 'development_interaction', resume: 'development_resume' },
  },
  fetch: (url, init) => fetch(url, init), // its own would not call a gateway on this machine
  renderError: (ctx, { error, error_description: description }) => {
    ctx.type = 'html';
    ctx.body = whole('That did not work', `<p>${`${error}: ${description}`.replace(/[<>&"]/g, '')}</p>`);
  },
  ttl: { Session: 43_200, Grant: 43_200, Interaction: 3_600, AccessToken: 600, IdToken: 3_600, AuthorizationCode: 60 },
};

function answerAs(provider: Provider): (request: IncomingMessage, response: ServerResponse) => unknown {
  const protocol = provider.callback();
  return (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return protocol(request, response);
    choose(provider, request, response).catch((error) => {
      response.writeHead(400, HTML).end(whole('That did not work', '<p>Begin once more where you came from.</p>'));
      if (process.env.DEBUG) console.error(error);
    });
  };
}

async function choose(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { uid, params } = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.writeHead(200, HTML).end(choosingPage(uid, String(params.client_id)));
    return;
  }
  const sub = new URLSearchParams(await bodyOf(request)).get('sub') ?? '';
  if (findPerson(sub) === undefined) throw new Error(`there is no "${sub}"`);
  await provider.interactionFinished(request, response, { login: { accountId: sub } });
}

const HTML = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text = (text + chunk).slice(0, 10_000);
  return text;
}
