import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What a load balancer does in production: takes connections and hands each to the gateway with the fewest. One that refuses is passed over.
 * @returns how to close it
 */
export async function openDoor(port: number, gateways: readonly number[]): Promise<() => void> {
  const open = new Map(gateways.map((gateway) => [gateway, 0]));
  const sockets = new Set<Socket>();

  const handOver = (caller: Socket, left: number[]): void => {
    const [gateway, ...others] = left.toSorted((a, b) => open.get(a)! - open.get(b)!);
    if (gateway === undefined) return void caller.destroy();
    const inside = connect(gateway, '127.0.0.1');
    inside.once('error', () => handOver(caller, others)); // until it is connected
    inside.once('connect', () => {
      inside.removeAllListeners('error');
      open.set(gateway, open.get(gateway)! + 1);
      for (const [one, other] of [
        [caller, inside],
        [inside, caller],
      ] as const) {
        one.on('error', () => other.destroy());
        one.pipe(other);
      }
      inside.once('close', () => {
        open.set(gateway, open.get(gateway)! - 1);
        caller.destroy();
      });
    });
  };

  const server: Server = createServer((caller) => {
    sockets.add(caller);
    caller.once('close', () => sockets.delete(caller));
    caller.on('error', () => {});
    handOver(caller, [...gateways]);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
}
