/** The way to a gateway: it can be closed and opened again, and notes the questions that pass. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class GatewayDoor {
  questions = 0;
  /** what was asked about */
  readonly contexts: Record<string, unknown>[] = [];
  /** where it leads; may be known later than the door itself */
  target = '';
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  async open(): Promise<void> {
    const server = createServer((from) => this.pass(from));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.server = server;
    this.port = (server.address() as { port: number }).port;
  }

  close(): void {
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private pass(from: Socket): void {
    const { port, hostname } = new URL(this.target);
    const to = connect(Number(port), hostname);
    from.on('data', (bytes) => {
      const text = bytes.toString();
      this.questions += text.split('POST /context').length - 1;
      for (const [context] of text.matchAll(/^\{"type":.*\}$/gm)) this.contexts.push(JSON.parse(context));
    });
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      this.sockets.add(one);
      one
        .on('error', () => {})
        .on('close', () => {
          this.sockets.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  }
}
