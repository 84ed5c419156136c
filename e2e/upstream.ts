import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An API of the company's: answers each path with itself, knows its token, and counts how often each path was asked with each method. */
export class Upstream {
  readonly counts = new Map<string, number>();
  /** when it was asked last, by method, in milliseconds of `performance.now()` */
  readonly lastAskedMs = new Map<string, number>();
  /** requests without the right token */
  refused = 0;
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(token: string, delayMs = 0): Promise<Upstream> {
    const upstream = new Upstream(
      createServer((request, response) => {
        const what = `${request.method} ${request.url}`;
        upstream.counts.set(what, (upstream.counts.get(what) ?? 0) + 1);
        upstream.lastAskedMs.set(request.method!, performance.now());
        request.resume();
        setTimeout(() => {
          if (request.headers.authorization !== `Bearer ${token}`) {
            upstream.refused++;
            response.statusCode = 401;
          }
          response.setHeader('content-type', 'application/json');
          response.end(JSON.stringify({ path: request.url }));
        }, delayMs);
      }),
    );
    upstream.server.listen(0, '127.0.0.1');
    await once(upstream.server, 'listening');
    return upstream;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** what must not be done twice and was */
  get repeatedPosts(): string[] {
    return [...this.counts].filter(([what, times]) => what.startsWith('POST') && times > 1).map(([what]) => what);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
