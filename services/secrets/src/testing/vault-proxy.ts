import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

export interface Asked {
  method: string;
  path: string;
  body: string;
}

/** Stands before a real Vault: counts what is asked, and answers in its place where a test says so. */
export class VaultProxy {
  readonly asked: Asked[] = [];
  /** a status instead of Vault's own answer */
  interfere: (asked: Asked) => number | undefined = () => undefined;
  private readonly server = createServer((incoming, response) => void this.pass(incoming, response));

  private constructor(private readonly port: number) {}

  static async before({ port }: { port: number }): Promise<VaultProxy> {
    const proxy = new VaultProxy(port);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): URL {
    return new URL(`http://127.0.0.1:${(this.server.address() as { port: number }).port}`);
  }

  count(path: string): number {
    return this.asked.filter((asked) => asked.path.startsWith(`/v1/${path}`)).length;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const asked = { method: incoming.method!, path: incoming.url!, body };
    this.asked.push(asked);
    const status = this.interfere(asked);
    if (status !== undefined) return void response.writeHead(status).end('{"errors":["the proxy says so"]}');
    const { method, url: path, headers } = incoming;
    request({ port: this.port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    })
      .on('error', () => response.destroy())
      .end(body);
  }
}
