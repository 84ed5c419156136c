import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@fingerpost/contracts';
import { type BusContext, BusStrategy } from '../nest-strategy.ts';
import { type BusUnderTest, SOON, until } from './bus-under-test.ts';
import { join, noise, of } from './streams.ts';

/** Whoever leaves, by draining or for another wire, breaks nothing off and leaves nothing behind. */
export function leavingSuite(bus: BusUnderTest): void {
  describe('a service that closes', () => {
    it('has answered all that was ever given to it, and takes nothing down before', async () => {
      const service = new BusStrategy(bus.answerer, 'service');
      let isDown = false;
      const sawDown: boolean[] = [];
      service.addHandler('work', async () => {
        sawDown.push(isDown);
        await sleep(20);
        sawDown.push(isDown);
        return 'done';
      });
      service.listen(() => {});
      await bus.settle();
      const ended: Promise<string>[] = [];
      const ask = () => void ended.push(bus.asker.request<string>('work', {}, SOON).catch(({ code }) => code));
      const asking = setInterval(() => Array.from({ length: 20 }, ask), 1);
      await sleep(30);
      const closed = service.close().then(() => (isDown = true));
      await sleep(30);
      clearInterval(asking);
      await closed;
      expect(new Set(await Promise.all(ended))).toEqual(new Set(['done', 'bus.nobody_answers']));
      expect(sawDown).not.toContain(true);
    });

    it('waits for no handler that is deaf to the end of its request, and for nobody who withholds the rest of one', async () => {
      const service = new BusStrategy(bus.answerer, 'service');
      service.addHandler('deaf', () => new Promise(() => {}));
      service.addHandler('reader', async (_message, { call }: BusContext) => (await Array.fromAsync(call.body)).length);
      service.listen(() => {});
      await bus.settle();
      const endless = async function* () {
        yield new Uint8Array(1);
        await new Promise(() => {});
      };
      const asked = [
        bus.asker.request('deaf', {}, { timeoutMs: 500 }),
        bus.asker.request('reader', {}, { timeoutMs: 500, body: endless() }),
      ].map((one) => one.catch(({ code }) => code));
      await sleep(100);
      const closed = service.close().then(() => 'closed');
      expect(await Promise.race([closed, sleep(3_000)])).toBe('closed');
      expect(await Promise.all(asked)).toEqual(['bus.timed_out', 'bus.timed_out']);
    });
  });

  describe('draining', () => {
    it('finishes what it answers and refuses new requests', async () => {
      const go = Promise.withResolvers<void>();
      const started = Promise.withResolvers<void>();
      await bus.answering('work', async () => {
        started.resolve();
        await go.promise;
        return 'done';
      });
      const asked = bus.asker.request('work', {}, SOON);
      await started.promise;
      const drained = bus.answerer.drain();
      await bus.settle();
      await expect(bus.asker.request('work', {}, SOON)).rejects.toMatchObject({ code: 'bus.nobody_answers' });
      go.resolve();
      expect(await asked).toBe('done');
      await drained;
    });

    it('finishes what it asked, then refuses to ask', async () => {
      const go = Promise.withResolvers<void>();
      await bus.answering('work', async () => {
        await go.promise;
        return 'done';
      });
      const asked = bus.asker.request('work', {}, SOON);
      const drained = bus.asker.drain();
      await bus.settle();
      await sleep(20);
      await expect(bus.asker.request('work', {}, SOON)).rejects.toMatchObject({ code: 'bus.closed' });
      go.resolve();
      expect(await asked).toBe('done');
      await drained;
    });

    it('lets handlers in flight ask others', async () => {
      const go = Promise.withResolvers<void>();
      const started = Promise.withResolvers<void>();
      const third = await bus.connect();
      await bus.answering('store', async ({ body }) => (await join(body)).byteLength, third);
      await bus.answering('work', async (call) => {
        started.resolve();
        await go.promise;
        return bus.answerer.request(
          'store',
          {},
          { timeoutMs: call.remainingMs(), signal: call.signal, body: of(noise(2_000_000)) },
        );
      });
      const asked = bus.asker.request('work', {}, SOON);
      await started.promise;
      const drained = bus.answerer.drain();
      await bus.settle();
      go.resolve();
      expect(await asked).toBe(2_000_000);
      await drained;
    });

    it('finishes bodies', async () => {
      const started = Promise.withResolvers<void>();
      await bus.answering('download', async (call) => {
        started.resolve();
        await call.sendBytes(noise(3_000_000));
      });
      const exchange = bus.asker.call('download', {}, SOON);
      await started.promise;
      const drained = bus.answerer.drain();
      expect((await join(exchange.body)).byteLength).toBe(3_000_000);
      await drained;
    });

    it('asked for twice is over once', async () => {
      const never = bus.asker.drain();
      const again = bus.asker.drain();
      await Promise.all([never, again]);
      await expect(bus.asker.request('work', {}, SOON)).rejects.toMatchObject({ code: 'bus.closed' });
    });
  });

  describe('a bus that moves to another wire', () => {
    it('loses nothing: what is under way ends where it began', async () => {
      const started = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      await bus.answering('download', async (call) => {
        started.resolve();
        await go.promise;
        await call.sendBytes(noise(2_000_000));
      });
      await bus.answering('echo', async ({ message }) => message);
      const heard: unknown[] = [];
      bus.answerer.subscribe('news', (message) => void heard.push(message));
      await bus.settle();
      const exchange = bus.asker.call('download', {}, SOON);
      const many = Array.from({ length: 200 }, (_, index) => bus.asker.request('echo', index, SOON));
      await started.promise;
      const moved = bus.answerer.moveTo(await bus.connectWire());
      const more = Array.from({ length: 200 }, (_, index) => bus.asker.request('echo', index, SOON));
      go.resolve();
      expect((await join(exchange.body)).byteLength).toBe(2_000_000);
      await moved;
      expect(await Promise.all([...many, ...more])).toHaveLength(400);
      expect(await bus.asker.request('echo', 'still here', SOON)).toBe('still here');
      bus.asker.publish('news', 'new');
      await until(() => heard.length > 0);
      expect(await bus.answerer.request('echo', 'and asks', SOON)).toBe('and asks');
    });
  });

  it('leaves nothing behind', async () => {
    await bus.answering('echo', async ({ message }) => message);
    await bus.answering('fail', async () => {
      throw new Fault('run.failed', 'Failed.');
    });
    await bus.answering('hang', ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)));
    const abort = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = abort.signal;
    abort.signal.addEventListener = (...args: unknown[]) => {
      listeners++;
      return addEventListener.apply(abort.signal, args as Parameters<typeof addEventListener>);
    };
    abort.signal.removeEventListener = (...args: unknown[]) => {
      listeners--;
      return removeEventListener.apply(abort.signal, args as Parameters<typeof removeEventListener>);
    };
    const timersBefore = timers();

    const options = { timeoutMs: 60_000, signal: abort.signal };
    for (let round = 0; round < 20; round++)
      await Promise.allSettled(
        Array.from({ length: 100 }, () => [
          bus.asker.request('echo', {}, options),
          bus.asker.request('echo', {}, { ...options, body: of(noise(10)) }),
          bus.asker.request('fail', {}, options),
          bus.asker.request('nobody.here', {}, options),
        ]).flat(),
      );
    expect(listeners).toBe(0);
    const hanging = Array.from({ length: 100 }, () => bus.asker.request('hang', {}, options));
    await sleep(30);
    abort.abort();
    await Promise.allSettled(hanging);

    await until(() => bus.asker.inFlight.outgoing === 0 && bus.answerer.inFlight.incoming === 0);
    await until(() => timers() <= timersBefore);
    expect(listeners).toBe(0);
  });
}

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
