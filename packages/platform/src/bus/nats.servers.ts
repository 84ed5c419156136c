import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeCertificate } from '../testing/certificate.ts';
import { findServer, type RealServer, startServer } from '../testing/servers.ts';
import { askAgain } from './ask-again.ts';
import { busContract } from './bus.contract.ts';
import { connectNatsWire } from './nats-wire.ts';
import { WireBus } from './wire-bus.ts';

const natsServer = findServer('nats-server');

const plainNats = (onPort?: number) =>
  startServer(natsServer!, (port) => ['-a', '127.0.0.1', '-p', String(port)], onPort);
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

  it('is who it should be by the name that was told, not by the address at which it is called', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fingerpost-nats-'));
    const { cert, key } = makeCertificate(folder);
    const server = await startServer(natsServer!, (port) => [
      ...['-a', '127.0.0.1', '-p', String(port), '--tls', '--tlscert', cert, '--tlskey', key],
    ]);
    const connectAs = (servername: string) => {
      const tls = { ca: readFileSync(cert, 'utf8'), servername };
      return connectNatsWire({ servers: `127.0.0.1:${server.port}`, tls, reconnect: false });
    };
    await (await connectAs('localhost')).close();
    await expect(connectAs('elsewhere')).rejects.toThrow(/altnames/i);
    await server.stop();
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

  describe('that breaks off', () => {
    const log = { error: () => {} };
    const SOON = { timeoutMs: 10_000 };

    async function pair() {
      const server = await startNats();
      const [asker, answerer] = [new WireBus(await connectTo(server), log), new WireBus(await connectTo(server), log)];
      const again = async (server: RealServer, awayMs: number) => {
        await server.stop();
        await sleep(awayMs);
        return startNats(server.port);
      };
      return { server, asker, answerer, again };
    }

    it('ends what was under way at once, and lets what comes next wait for its return', async () => {
      const { server, asker, answerer, again } = await pair();
      answerer.answer('work', 'q', async ({ message }) => {
        if (message === 'slow') await sleep(1_500);
        return message;
      });
      await sleep(50);
      await asker.request('work', 1, SOON);
      const slow = asker.request('work', 'slow', SOON).then(
        () => 0,
        (error) => [error.code, performance.now()],
      );
      await sleep(30);
      const began = performance.now();
      const back = again(server, 300);
      await sleep(100);
      const next = askAgain(5_000, (timeoutMs) => asker.request('work', 2, { timeoutMs }));
      const [code, at] = (await slow) as [string, number];
      expect(code).toBe('bus.lost');
      expect(at - began).toBeLessThan(200);
      expect(await next).toBe(2);
      expect(performance.now() - began).toBeLessThan(3_000);
      await Promise.all([asker.drain(), answerer.drain()]);
      await (await back).stop();
    });

    it('leaves no body with a hole in it', async () => {
      const { server, asker, answerer, again } = await pair();
      answerer.answer('download', 'q', async (call) => {
        for (let n = 0; n < 40; n++, await sleep(25)) await call.sendBytes(Buffer.alloc(1_000, n));
      });
      await sleep(50);
      const exchange = asker.call('download', {}, SOON);
      let bytes = 0;
      const read = (async () => {
        for await (const chunk of exchange.body) bytes += chunk.byteLength;
      })().then(
        () => 'whole',
        (error) => error.code,
      );
      await sleep(200);
      const back = await again(server, 10);
      expect(await read).toBe('bus.lost');
      expect(bytes).toBeLessThan(40_000);
      await Promise.all([asker.drain(), answerer.drain()]);
      await back.stop();
    });
  });

  it('without JetStream keeps nothing, and says so', async () => {
    const server = await plainNats();
    const said: string[] = [];
    const bus = new WireBus(await connectTo(server), { error: ({ err }) => void said.push(String(err)) });
    bus.consume('kept.*', 'book', async () => {});
    await expect(bus.keep('kept.one', { id: '1' }, { timeoutMs: 300 })).rejects.toMatchObject({
      code: 'bus.nobody_answers',
      message: expect.stringContaining('JetStream'),
    });
    while (said.length === 0) await sleep(10);
    expect(said[0]).toContain('no JetStream');
    await bus.drain();
    await server.stop();
  });
});
