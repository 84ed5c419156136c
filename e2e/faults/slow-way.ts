import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Program } from '../../deploy/local/src/child.ts';

/** A way to a server on which every byte can be held up for a while. */
export class SlowWay {
  private delayMs = 0;
  private target = 0;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  async open(): Promise<void> {
    this.server = createServer((caller) => {
      const inside = connect(this.target, '127.0.0.1');
      for (const [one, other] of [
        [caller, inside],
        [inside, caller],
      ] as const) {
        this.sockets.add(one);
        one.on('data', (bytes) => setTimeout(() => other.writable && other.write(bytes), this.delayMs));
        one.on('error', () => {});
        one.on('close', () => {
          this.sockets.delete(one);
          other.destroy();
        });
      }
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server?.close();
  }

  /** The program finds this way where that setting names the server's address. */
  putBefore(program: Program, setting: string): Program {
    const url = new URL(program.env[setting]!);
    this.target = Number(url.port);
    url.port = `${(this.server!.address() as AddressInfo).port}`;
    return { ...program, env: { ...program.env, [setting]: url.href } };
  }

  delay(ms: number): void {
    this.delayMs = ms;
  }
}
