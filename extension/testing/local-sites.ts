/** github.com and the rest, on this machine: small pages of our own, built as the real ones are where it matters. */
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { consolePage } from './pages/console-page.ts';
import { githubPage } from './pages/github-page.ts';
import type { LocalPage } from './pages/local-page.ts';
import { wikiPage } from './pages/wiki-page.ts';

type Draw = (url: URL) => LocalPage;

const HOSTS: Record<string, Draw> = {
  'github.com': githubPage,
  'eu-central-1.console.aws.amazon.com': consolePage,
  'wiki.acme.dev': wikiPage,
};

export class LocalSites {
  private readonly drawn = new Map<string, Draw>(Object.entries(HOSTS));

  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
    server.on('request', (request, reply) => {
      const url = new URL(request.url ?? '/', `https://${request.headers.host}`);
      const page = this.drawn.get(url.hostname)?.(url);
      if (page === undefined) return reply.writeHead(404).end();
      reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.html);
    });
  }

  static async start(): Promise<LocalSites> {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'local sites' }], { keySize: 2048 });
    const server = createServer({ key, cert });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new LocalSites(server);
  }

  /** Another page for a host, e.g. a hostile one. */
  draw(host: string, html: string, headers?: Record<string, string>): void {
    this.drawn.set(host, () => ({ html, headers }));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How Chromium finds them. */
  get rules(): string {
    const { port } = this;
    return ['github.com', '*.console.aws.amazon.com', '*.acme.dev', '*.evil.dev', 'gitlab.com']
      .map((host) => `MAP ${host}:443 127.0.0.1:${port}`)
      .join(', ');
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
