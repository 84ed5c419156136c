import type { FastifyRequest } from 'fastify';
import type { CatalogueView } from '../catalogue/catalogue-view.ts';
import type { Sites } from './sites.ts';

/** Extensions speak for the person who installed them; they still need a token. */
const EXTENSION = /^(chrome|moz)-extension:\/\/[a-z0-9-]+$/;
/** The extension asks for these before it knows where it may run. */
const FOR_ALL = ['/config', '/custom-domains'];

/** Which pages' scripts may read our answers. No cookies are involved: the token is what opens the door. */
export function allowOrigins(sites: Sites, catalogue: CatalogueView) {
  return async (request: FastifyRequest) => ({
    origin: await mayRead(request, sites, catalogue),
    methods: ['GET', 'POST'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Accept', 'Traceparent'],
    exposedHeaders: ['Traceresponse', 'RateLimit', 'RateLimit-Policy', 'Retry-After'],
    maxAge: 600,
  });
}

async function mayRead(request: FastifyRequest, sites: Sites, catalogue: CatalogueView): Promise<boolean> {
  const { origin } = request.headers;
  if (origin === undefined) return false;
  if (EXTENSION.test(origin) || sites.owns(origin) || FOR_ALL.includes(request.url.split('?', 1)[0]!)) return true;
  return sites.isEnabled('generic') && (await catalogue.customDomains()).includes(origin);
}
