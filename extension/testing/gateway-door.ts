/** The way to a gateway: it can be closed and opened again, and counts the questions that pass. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export class GatewayDoor {
  questions = 0;
  private readonly target: URL;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  constructor(target: string) {
    this.target = new URL(target);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
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
    const to = connect(Number(this.target.port), this.target.hostname);
    from.on('data', (bytes) => {
      this.questions += bytes.toString('latin1').split('POST /context').length - 1;
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
