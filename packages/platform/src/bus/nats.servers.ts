import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer, type RealServer, startServer } from '../testing/servers.ts';
import { busContract } from './bus.contract.ts';
import { connectNatsWire } from './nats-wire.ts';
import { WireBus } from './wire-bus.ts';

const natsServer = findServer('nats-server');

const startNats = (onPort?: number) =>
  startServer(
    natsServer!,
    (port) => ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', mkdtempSync(join(tmpdir(), 'fingerpost-nats-'))],
    onPort,
  );
const connectTo = ({ port }: RealServer) => connectNatsWire({ servers: `127.0.0.1:${port}`, reconnectTimeWait: 50 });

(natsServer === undefined ? describe.skip : describe)('nats-server', () => {
  busContract('over NATS', async () => {
    const server = await startNats();
    return { connect: () => connectTo(server), close: () => server.stop() };
  });

  describe('that goes away', () => {
    const log = { error: () => {} };

    it('does not keep a bus from closing', async () => {
      const server = await startNats();
      const bus = new WireBus(await connectTo(server), log);
      bus.answer('work', 'q', async () => 1);
      const asked = bus.request('work', {}, { timeoutMs: 100 }).catch((error) => error);
      await server.stop();
      await asked;
      await bus.drain();
      await expect(bus.request('work', {}, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'bus.closed' });
    });

    it('and comes back finds everybody where they were', async () => {
      const server = await startNats();
      const asker = new WireBus(await connectTo(server), log);
      const answerer = new WireBus(await connectTo(server), log);
      answerer.answer('work', 'q', async ({ message }) => message);
      await server.stop();
      const again = await startNats(server.port);
      const ask = () => asker.request('work', 'hello', { timeoutMs: 500 }).catch(() => undefined);
      while ((await ask()) !== 'hello');
      await Promise.all([asker.drain(), answerer.drain()]);
      await again.stop();
    });
  });
});
