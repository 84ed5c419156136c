import { Fault, type Viewer } from '@fingerpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallerLimit } from '../limit/caller-limit.ts';
import { viewerOfPerson } from './people/person.ts';
import type { Session } from './session/session.ts';
import type { WebSessions } from './session/web-session.ts';

declare module 'fastify' {
  interface FastifyRequest {
    viewer?: Viewer;
    /** where the caller is somebody who is signed in */
    session?: Session;
  }
  interface FastifyContextConfig {
    isOpen?: boolean;
    isCounted?: boolean;
    takesJson?: boolean;
    /** the list of addresses does not count: probes, and providers that sign what they say */
    isForAnyAddress?: boolean;
  }
}

/** Routes are closed unless they say otherwise: `@RouteConfig(OPEN)`. */
export const OPEN = { isOpen: true };

/** Open, and counted by the caller's address: what costs us something. */
export const COUNTED = { isOpen: true, isCounted: true };

/** Its body is any JSON; every other route that has one takes a context. */
export const TAKES_JSON = { takesJson: true };

/** What a caller shows, and whose it is. */
export type Bearer = (token: string) => Viewer | undefined | Promise<Viewer | undefined>;

export interface AdmitParts {
  /** in the order in which they are asked */
  bearers: readonly Bearer[];
  web: Pick<WebSessions, 'of'>;
  limit: CallerLimit;
  /** whether callers may come from there */
  isAllowed: (address: string) => boolean;
}

/**
 * Who is it, may they, and how often? Runs before the body is read, so that strangers cannot make us read one.
 * A token counts in the Authorization header alone: addresses end up in logs and histories.
 */
export function admitCaller({ bearers, web, limit, isAllowed }: AdmitParts) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!isForAnyAddress(request) && !isAllowed(request.ip))
      throw new Fault('request.forbidden', 'Your address is none of those that may come in here.');
    if (isOpen(request) && request.routeOptions.config?.isCounted !== true) return;
    const viewer = isOpen(request) ? undefined : await viewerOf(request, bearers, web);
    const allowance = await limit.take(viewer === undefined ? `address:${request.ip}` : viewer.subject);
    if (allowance !== undefined) {
      reply.header('ratelimit-policy', `"minute";q=${allowance.limit};w=60`);
      reply.header('ratelimit', `"minute";r=${allowance.remaining};t=${allowance.resetSeconds}`);
    }
    if (isOpen(request)) return;
    if (viewer === undefined) throw new Fault('request.unauthenticated', whatIsMissing(request));
    request.viewer = viewer;
  };
}

const whatIsMissing = ({ headers }: FastifyRequest): string =>
  headers.authorization === undefined
    ? 'Send an API token in the header "Authorization: Bearer <token>".'
    : 'The header Authorization holds no token that counts: it may be mistyped, have ended, or be of another gateway. Send "Bearer <token>".';

/** The viewer of an admitted request. */
export function viewerIn(request: FastifyRequest): Viewer {
  if (request.viewer === undefined) throw new Error('a closed route was reached without a viewer');
  return request.viewer;
}

/** The session of a request that a browser made for somebody who is signed in. */
export function sessionIn({ session }: FastifyRequest): Session {
  if (session !== undefined) return session;
  throw new Fault('request.forbidden', 'This is for people who are signed in in a browser, not for tokens.');
}

// A caller who shows a token is judged by that alone.
async function viewerOf(
  request: FastifyRequest,
  bearers: readonly Bearer[],
  web: Pick<WebSessions, 'of'>,
): Promise<Viewer | undefined> {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    request.session = await web.of(request);
    return request.session && viewerOfPerson(request.session.person);
  }
  const [, token] = /^bearer +(.+)$/i.exec(authorization) ?? [];
  if (token === undefined) return undefined;
  for (const bearer of bearers) {
    const viewer = await bearer(token);
    if (viewer !== undefined) return viewer;
  }
}

const isForAnyAddress = ({ routeOptions: { config, url } }: FastifyRequest): boolean =>
  config?.isForAnyAddress === true || url?.startsWith('/health/') === true || url === '/metrics';

function isOpen(request: FastifyRequest): boolean {
  if (request.is404) return true;
  const { config, url } = request.routeOptions;
  return (
    config?.isOpen === true ||
    url === '/docs' ||
    url?.startsWith('/docs/') === true ||
    url?.startsWith('/docs-') === true
  );
}
