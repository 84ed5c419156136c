import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type Provider from 'oidc-provider';
import { COUNTED } from '../identity/admit-caller.ts';
import { LANDING } from './clients.ts';
import type { Interactions } from './interactions.ts';
import { INTERACTION, PATHS } from './make-provider.ts';
import { landingPage } from './pages/pages.ts';
import type { PublishedKeys } from './tokens/published-keys.ts';

export interface MountedParts {
  provider: Provider;
  interactions: Interactions;
  keys: PublishedKeys;
  /** How often codes of devices may be tried from one address. @throws Fault `request.rate_limited` */
  limitTries(address: string): Promise<unknown>;
}

/** The authorization server's own addresses, those that it needs and no other. */
export function mountAuthority({ provider, interactions, keys, limitTries }: MountedParts) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...COUNTED };
    });
    server.addHook('onRequest', async (request, reply) => {
      if (request.method === 'POST' && request.routeOptions.url === PATHS.code_verification)
        await limitTries(request.ip);
      reply.headers({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy': PAGE_POLICY,
      });
    });
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', (_request, _body, done) => done(null)); // whose body it is reads it

    const hand = handTo(provider);
    const { authorization, token, revocation, device_authorization, code_verification } = PATHS;
    for (const path of [authorization, `${authorization}/:uid`, code_verification, `${code_verification}/:uid`])
      server.get(path, hand);
    for (const path of [token, revocation, device_authorization, code_verification]) server.post(path, hand);
    server.get('/.well-known/oauth-authorization-server', hand);
    server.get(PATHS.jwks, () => keys.list());
    server.get(LANDING, (_request, reply) => reply.type(HTML).send(landingPage()));

    server.get(`${INTERACTION}/:uid`, (request, reply) => interactions.show(request, reply));
    server.post(`${INTERACTION}/:uid`, (request, reply) => interactions.answer(request, reply));
  };
}

/** Not where forms lead to: browsers hold that against the addresses, too, that an answer sends them on to. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
const HTML = 'text/html; charset=utf-8';

/** Which pages may read what: here that depends on the client. */
const OTHERS_TO_SAY = /^(access-control-|vary$)/;

/** Its host and protocol are those that we are known by, whatever a request says of them. */
function handTo(provider: Provider) {
  const { protocol, host } = new URL(provider.issuer);
  const callback = provider.callback();
  return (request: FastifyRequest, reply: FastifyReply): void => {
    const { raw } = request;
    raw.headers.host = host;
    raw.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    delete raw.headers['x-forwarded-host'];
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined && !OTHERS_TO_SAY.test(name)) reply.raw.setHeader(name, value);
    reply.hijack();
    void callback(raw, reply.raw);
  };
}
