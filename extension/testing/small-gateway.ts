/** A gateway that knows nothing but what a test lets it say: for what matters in the extension, not in the product. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SaidEvent = [name: string, data: unknown];

const GITHUB = { adapters: [{ name: 'github', enabled: true, urls: [], description: '' }], customDomains: [] };

export class SmallGateway {
  /** the body of the next answers; `say` writes a well-formed one */
  answer = '';
  private readonly server: Server;

  private constructor(config: unknown) {
    this.server = createServer((request, reply) => {
      reply
        .setHeader('access-control-allow-origin', request.headers.origin ?? '*')
        .setHeader('access-control-allow-headers', 'authorization, content-type, accept, traceparent');
      if (request.method === 'OPTIONS') return reply.end();
      if (request.url === '/config') return reply.end(JSON.stringify(config));
      reply.writeHead(200, { 'content-type': 'text/event-stream' }).end(this.answer);
    });
  }

  static async start(config: unknown = GITHUB): Promise<SmallGateway> {
    const gateway = new SmallGateway(config);
    await new Promise<void>((resolve) => gateway.server.listen(0, '127.0.0.1', resolve));
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  say(...events: SaidEvent[]): void {
    this.answer = events.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`).join('');
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
