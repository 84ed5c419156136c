import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * What a load balancer does in production: takes connections and hands each to the gateway with the fewest. One that refuses is passed over.
 * @returns how to close it: who is inside may finish
 */
export async function openDoor(port: number, gateways: readonly number[]): Promise<() => void> {
  const open = new Map(gateways.map((gateway) => [gateway, 0]));

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
        one.on('error', () => other.destroySoon());
        one.pipe(other); // what was said before the end arrives before it
      }
      inside.once('close', () => {
        open.set(gateway, open.get(gateway)! - 1);
        caller.destroySoon();
      });
    });
  };

  const server: Server = createServer((caller) => {
    caller.on('error', () => {});
    handOver(caller, [...gateways]);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return () => void server.close();
}
