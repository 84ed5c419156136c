import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { OPEN } from '../identity/admit-caller.ts';

/** The web pages: files that anybody may load. What they show comes through the API, with a token. */
export function servePages(pages: string | undefined) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...OPEN };
    });
    const root = pages === undefined ? undefined : resolve(pages);
    if (root === undefined || !existsSync(join(root, 'index.html')))
      server.get('/', (_request, reply) => reply.type(HTML).send(NOT_BUILT));
    else {
      await server.register(fastifyStatic, {
        root,
        wildcard: false, // a route for each file: whatever else is asked for is not there, and says so as every 404 does
        cacheControl: false,
        setHeaders: (reply, path) => {
          reply.header('cache-control', path.startsWith(join(root, 'assets')) ? HASHED : 'no-cache');
        },
      });
      // What it shows is at `/account`.
      server.get('/me', (_request, reply) => reply.sendFile('me.html'));
    }
  };
}

const HTML = 'text/html; charset=utf-8';
/** The build names these after their content. */
const HASHED = 'public, max-age=31536000, immutable';

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Fingerpost</title>
<h1>Fingerpost is running</h1>
<p>The try page has not been built: <code>npm run build</code> makes it. The API is described at <a href="/docs">/docs</a>.</p>
</html>
`;
