import { Fault, type Viewer } from '@fingerpost/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallerLimit } from '../limit/caller-limit.ts';
import type { ApiTokens } from './api-tokens.ts';

declare module 'fastify' {
  interface FastifyRequest {
    viewer?: Viewer;
  }
  interface FastifyContextConfig {
    isOpen?: boolean;
  }
}

/** Routes are closed unless they say otherwise: `@RouteConfig(OPEN)`. */
export const OPEN = { isOpen: true };

/**
 * Who is it, may they, and how often? Runs before the body is read, so that strangers cannot make us read one.
 * The token counts in the Authorization header alone: addresses end up in logs and histories.
 */
export function admitCaller(tokens: ApiTokens, limit: CallerLimit) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (isOpen(request)) return;
    const viewer = viewerOf(request.headers.authorization, tokens);
    const allowance = await limit.take(viewer === undefined ? `address:${request.ip}` : viewer.subject);
    if (allowance !== undefined) {
      reply.header('ratelimit-policy', `"minute";q=${allowance.limit};w=60`);
      reply.header('ratelimit', `"minute";r=${allowance.remaining};t=${allowance.resetSeconds}`);
    }
    if (viewer === undefined)
      throw new Fault('request.unauthenticated', 'Send an API token in the header "Authorization: Bearer <token>".');
    request.viewer = viewer;
  };
}

/** The viewer of an admitted request. */
export function viewerIn(request: FastifyRequest): Viewer {
  if (request.viewer === undefined) throw new Error('a closed route was reached without a viewer');
  return request.viewer;
}

function viewerOf(authorization: string | undefined, tokens: ApiTokens): Viewer | undefined {
  const [, token] = /^bearer +(.+)$/i.exec(authorization ?? '') ?? [];
  return token === undefined ? undefined : tokens.viewerOf(token);
}

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
