import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectRedis } from './connect-redis.ts';
import { RedisLink } from './redis-link.ts';

/** In Redis's place: greets as it should, and to whatever is asked then says what `speak` wants. */
async function startImpostor(speak: (socket: Socket, command: string) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      for (const [, command] of bytes.toString('latin1').matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g))
        if (/^(hello|auth|client|select|ping)$/i.test(command!)) socket.write('+OK\r\n');
        else if (/^info$/i.test(command!)) socket.write('$0\r\n\r\n');
        else speak(socket, command!);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('a Redis that is none', () => {
  it.each([
    ['one text without end', '$2000000000\r\n'],
    ['a list without end', '*2000000000\r\n'],
    ['a line without end', '+'],
  ])('fills no gateway’s memory with %s', async (_, begin) => {
    let sent = 0;
    let cutOff = 0;
    const server = await startImpostor((socket) => {
      socket.once('close', () => cutOff++);
      socket.write(begin);
      const bytes = Buffer.from('$1\r\nx\r\n'.repeat(10_000));
      const pour = () => {
        while (!socket.destroyed && sent < 300_000_000 && socket.write(bytes)) sent += bytes.length;
      };
      socket.on('drain', pour);
      pour();
    });
    const { port } = server.address() as AddressInfo;
    const redis = connectRedis({ kind: 'single', nodes: [{ host: '127.0.0.1', port }], database: 0 } as never);
    const link = new RedisLink(redis, { info: () => {}, warn: () => {} });
    while (redis.status !== 'ready') await sleep(5);
    await link.ask((asked) => asked.getrangeBuffer('x', 0, 1_000));
    for (let waited = 0; cutOff === 0 && waited < 10_000; waited += 50) await sleep(50);
    expect({ cutOff, isTooMuch: sent > 20_000_000 }).toEqual({ cutOff: 1, isTooMuch: false });
    link.close();
    server.close();
  });
});
