import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@fingerpost/contracts';
import { type BusUnderTest, SOON, until } from './bus-under-test.ts';
import { collect, counted, digest, join, noise, of } from './streams.ts';

/** Bytes behind messages, in both directions, no faster than they are read. */
export function bodiesSuite(bus: BusUnderTest): void {
  describe('bodies', () => {
    const MB = 1_000_000;

    it('go there, several MB of them', async () => {
      await bus.answering('upload', async ({ body }) => digest(await join(body)));
      const bytes = noise(5 * MB);
      expect(await bus.asker.request('upload', {}, { ...SOON, body: of(bytes) })).toEqual(digest(bytes));
    });

    it('come back, several MB of them, behind their items', async () => {
      const bytes = noise(5 * MB);
      await bus.answering('download', async (call) => {
        call.sendItem({ status: 200 });
        await call.sendBytes(bytes);
      });
      const exchange = bus.asker.call('download', {}, SOON);
      expect(await collect(exchange)).toEqual([{ status: 200 }]);
      expect(digest(await join(exchange.body))).toEqual(digest(bytes));
    });

    it('go both ways at once', async () => {
      await bus.answering('echo', async (call) => {
        for await (const bytes of call.body) await call.sendBytes(bytes);
      });
      const bytes = noise(3 * MB);
      const exchange = bus.asker.call('echo', {}, { ...SOON, body: of(bytes.subarray(0, MB), bytes.subarray(MB)) });
      expect(digest(await join(exchange.body))).toEqual(digest(bytes));
    });

    it('may be empty', async () => {
      await bus.answering('upload', async ({ body }) => (await join(body)).byteLength);
      expect(await bus.asker.request('upload', {}, SOON)).toBe(0);
      expect(await bus.asker.request('upload', {}, { ...SOON, body: of() })).toBe(0);
      expect(await bus.asker.request('upload', {}, { ...SOON, body: of(new Uint8Array()) })).toBe(0);
    });

    it('wait for a slow reader at the answering side', async () => {
      const start = Promise.withResolvers<void>();
      await bus.answering('upload', async ({ body }) => {
        await start.promise;
        return (await join(body)).byteLength;
      });
      let sent = 0;
      const asked = bus.asker.request('upload', {}, { ...SOON, body: counted(20, () => sent++) });
      await sleep(80);
      expect(sent).toBeLessThanOrEqual(6);
      start.resolve();
      expect(await asked).toBe(20 * 1_000);
      expect(sent).toBe(20);
    });

    it('wait for a slow reader at the asking side', async () => {
      let sent = 0;
      await bus.answering('download', async (call) => {
        for await (const bytes of counted(20, () => sent++)) await call.sendBytes(bytes);
      });
      const { body } = bus.asker.call('download', {}, SOON);
      await sleep(80);
      expect(sent).toBeLessThanOrEqual(6);
      expect((await join(body)).byteLength).toBe(20 * 1_000);
      expect(sent).toBe(20);
    });

    it('that break on their way break both sides', async () => {
      const seen = Promise.withResolvers<unknown>();
      await bus.answering('upload', async ({ body }) => {
        const failure = await join(body).catch((error) => error);
        seen.resolve(failure);
        throw failure;
      });
      const broken = (async function* () {
        yield noise(10);
        throw new Error('the disk is gone');
      })();
      await expect(bus.asker.request('upload', {}, { ...SOON, body: broken })).rejects.toThrow('the disk is gone');
      expect(await seen.promise).toMatchObject({ code: 'bus.cancelled' });
    });

    it('that break on their way back arrive as a fault, behind what had come', async () => {
      await bus.answering('download', async (call) => {
        await call.sendBytes(noise(10));
        throw new Fault('outbound.failed', 'The host hung up.');
      });
      let bytes = 0;
      const read = async () => {
        for await (const chunk of bus.asker.call('download', {}, SOON).body) bytes += chunk.byteLength;
      };
      await expect(read()).rejects.toMatchObject({ code: 'outbound.failed' });
      expect(bytes).toBe(10);
    });

    it('that nobody wants are let go at their source', async () => {
      const released = Promise.withResolvers<void>();
      await bus.answering('ignores', async () => 'no, thanks');
      const body = counted(1_000, () => {}, released.resolve);
      expect(await bus.asker.request('ignores', {}, { ...SOON, body })).toBe('no, thanks');
      await released.promise;
      expect(bus.asker.inFlight.outgoing).toBe(0);
    });

    it('are let go when the reader leaves them', async () => {
      const stopped = Promise.withResolvers<unknown>();
      await bus.answering('download', async (call) => {
        call.signal.addEventListener('abort', () => stopped.resolve(call.signal.reason));
        for await (const bytes of counted(1_000, () => {})) await call.sendBytes(bytes);
      });
      for await (const _ of bus.asker.call('download', {}, SOON).body) break;
      expect(await stopped.promise).toMatchObject({ code: 'bus.cancelled' });
      expect(bus.asker.inFlight.outgoing).toBe(0);
    });

    it('that come with an answer nobody asked a body of do not hold it up', async () => {
      await bus.answering('download', async (call) => {
        call.sendItem('head');
        for await (const bytes of counted(1_000, () => {})) await call.sendBytes(bytes);
      });
      expect(await bus.asker.request('download', {}, SOON)).toBe('head');
      await until(() => bus.answerer.inFlight.incoming === 0);
    });
  });
}
