import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** Hands each connection to one that `open` opens. @returns how to close it: who is inside may finish */
export async function openRelay(host: string, port: number, open: () => Socket): Promise<() => void> {
  const server = createServer((caller) => {
    const inside = open();
    for (const [one, other] of [
      [caller, inside],
      [inside, caller],
    ] as const) {
      one.on('error', () => other.destroySoon());
      one.pipe(other);
    }
    inside.once('close', () => caller.destroySoon());
  });
  server.listen(port, host);
  await once(server, 'listening');
  return () => void server.close();
}
