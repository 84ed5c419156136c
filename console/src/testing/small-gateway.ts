import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Insight, Viewer } from '@fingerpost/contracts';

export const TOKEN = 'fp_test';
const CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'";
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const environments: Insight = {
  type: 'dropdown',
  content: 'Environments',
  items: ['Production EU', 'Production US', 'Staging'].map((content) => ({
    type: 'link',
    content,
    href: 'https://acme.dev/',
  })),
};
const catalogue = {
  epoch: 1,
  entries: [
    {
      file: 'broken.integration.js',
      secrets: [],
      hosts: [],
      areHostsDerived: false,
      state: 'broken',
      fault: { file: 'broken.integration.js', line: 3, column: 7, message: 'Unexpected token' },
    },
  ],
  customDomains: [],
};

/** The built pages' gateway, by itself. Three integrations: `owner` answers when released, `urls` at once, `flaky` fails until healed. */
export class SmallGateway {
  readonly asked: { url: string; authorization?: string }[] = [];
  /** who is signed in */
  person?: Viewer;
  providers: { name: string; label: string }[] = [];
  private readonly held = new Map<string, PromiseWithResolvers<void>>();
  private isHealed = false;
  /** whether authors may read on the page what is in the log */
  isTelling = false;
  private readonly server: Server;
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.server = createServer((request, reply) => this.answer(request, reply));
  }

  static async start(folder: string): Promise<SmallGateway> {
    const gateway = new SmallGateway(folder);
    await new Promise<void>((resolve) => gateway.server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url() {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  hold = (name: string) => this.held.set(name, Promise.withResolvers());
  release = (name: string) => this.held.get(name)?.resolve();
  heal() {
    this.isHealed = true;
  }
  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, reply: ServerResponse) {
    const url = request.url ?? '';
    const { authorization } = request.headers;
    this.asked.push({ url, authorization });
    if (url === '/providers') return reply.end(JSON.stringify(this.providers));
    if (url === '/sign-out') return reply.end(JSON.stringify({ continueAt: '/#signed-out' }));
    if (!/^\/(context|catalogue|whoami|failures\/.*)$/.test(url)) return this.sendFile(url, reply);
    if (this.person === undefined && authorization !== `Bearer ${TOKEN}`)
      return problem(reply, { status: 401, title: 'Who is it?' });
    if (url === '/whoami') return reply.end(JSON.stringify(this.person));
    if (url === '/catalogue') return reply.end(JSON.stringify(catalogue));
    if (url.startsWith('/failures/')) return this.explain(url.slice('/failures/'.length), reply);
    const context = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
    const errors = [{ path: 'url', message: 'must be an absolute http or https address' }];
    if (context.url === undefined) return problem(reply, { status: 400, title: 'Not valid', errors });
    await this.stream(reply);
  }

  private explain(id: string, reply: ServerResponse) {
    if (!this.isTelling) return problem(reply, { status: 403, title: 'In the log alone' });
    const place = { file: 'flaky.integration.ts', line: 6, column: 15 };
    reply.end(JSON.stringify({ id, ...place, version: '0a1b2c', message: 'x is undefined', next: 'Look at x.' }));
  }

  private async stream(reply: ServerResponse) {
    const send = (name: string, data: object) => reply.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    const insight = (integration: string, insight: Insight) =>
      send('insight', { integration, index: 0, insight, isCached: false, isStale: false });
    send('expected', { integrations: ['owner', 'urls', 'flaky'] });
    insight('urls', environments);
    if (this.isHealed) insight('flaky', { type: 'text', content: 'recovered' });
    else send('failure', { integration: 'flaky', id: 'k3f9', reason: 'took longer than 5 s' });
    await this.held.get('owner')?.promise;
    insight('owner', { type: 'link', content: 'Team Checkout', href: 'https://acme.dev/team' });
    send('done', { count: 2, cacheHits: 0, failedCount: 1, tookMs: 1 });
    reply.end();
  }

  private sendFile(url: string, reply: ServerResponse) {
    const file = join(this.folder, url === '/' ? 'index.html' : url);
    reply.setHeader('content-security-policy', CSP);
    reply.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain');
    reply.end(readFileSync(file));
  }
}

function problem(reply: ServerResponse, body: { status: number; title: string; errors?: object[] }) {
  reply.writeHead(body.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
}
