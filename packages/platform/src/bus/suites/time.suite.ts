import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@fingerpost/contracts';
import { type BusUnderTest, request, SOON, until } from './bus-under-test.ts';

/** Deadlines and cancellations end both sides of an exchange. */
export function timeSuite(bus: BusUnderTest): void {
  describe('time', () => {
    it('travels as what is left of it, and ends both sides', async () => {
      const seen = Promise.withResolvers<{ remainingMs: number; reason: unknown }>();
      await bus.answering('slow', async (call) => {
        const remainingMs = call.remainingMs();
        await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
        seen.resolve({ remainingMs, reason: call.signal.reason });
      });
      await expect(bus.asker.request('slow', {}, { timeoutMs: 80 })).rejects.toMatchObject({ code: 'bus.timed_out' });
      const { remainingMs, reason } = await seen.promise;
      expect(remainingMs).toBeGreaterThan(0);
      expect(remainingMs).toBeLessThanOrEqual(80);
      // by its own clock or by the asker's word, whichever comes first
      expect(['bus.timed_out', 'bus.cancelled']).toContain((reason as Fault).code);
    });

    it('ends the answering side even if the asker cannot say so', async () => {
      const stopped = Promise.withResolvers<unknown>();
      await bus.answering('slow', async (call) => {
        await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
        stopped.resolve(call.signal.reason);
      });
      const deaf = await bus.connectWire();
      deaf.publish('slow', request({}, { 'fp-deadline': '40' }), `${deaf.inbox}.r.test.1`);
      expect(await stopped.promise).toMatchObject({ code: 'bus.timed_out' });
    });

    it('ends an exchange whose handler is deaf to its signal', async () => {
      const never = Promise.withResolvers<void>();
      await bus.answering('deaf', () => never.promise);
      await expect(bus.asker.request('deaf', {}, { timeoutMs: 30 })).rejects.toMatchObject({ code: 'bus.timed_out' });
      await until(() => bus.answerer.inFlight.incoming === 0);
      never.resolve();
    });

    it.each([2 ** 31, 1e300, Infinity])('does not take %d ms for at once', async (timeoutMs) => {
      await bus.answering('later', async (call) => {
        await sleep(30);
        return call.remainingMs();
      });
      expect(await bus.asker.request<number>('later', {}, { timeoutMs })).toBeGreaterThan(800_000);
    });

    it.each([0, -1, NaN])('takes %d ms for no time at all', async (timeoutMs) => {
      await bus.answering('later', () => sleep(200));
      await expect(bus.asker.request('later', {}, { timeoutMs })).rejects.toMatchObject({ code: 'bus.timed_out' });
    });
  });

  describe('cancellation', () => {
    it('reaches a handler at work', async () => {
      const started = Promise.withResolvers<void>();
      const stopped = Promise.withResolvers<unknown>();
      await bus.answering('work', async ({ signal }) => {
        signal.addEventListener('abort', () => stopped.resolve(signal.reason));
        started.resolve();
        await stopped.promise;
      });
      const abort = new AbortController();
      const asked = bus.asker.request('work', {}, { ...SOON, signal: abort.signal });
      await started.promise;
      await sleep(30); // the answering side has said by now where it listens
      abort.abort();
      await expect(asked).rejects.toMatchObject({ code: 'bus.cancelled' });
      expect(await stopped.promise).toMatchObject({ code: 'bus.cancelled' });
    });

    it('reaches a handler that had not yet said where it listens', async () => {
      const stopped = Promise.withResolvers<unknown>();
      await bus.answering('work', async ({ signal }) => {
        signal.addEventListener('abort', () => stopped.resolve(signal.reason));
        await stopped.promise;
      });
      const abort = new AbortController();
      const asked = bus.asker.request('work', {}, { ...SOON, signal: abort.signal });
      abort.abort();
      await expect(asked).rejects.toMatchObject({ code: 'bus.cancelled' });
      expect(await stopped.promise).toMatchObject({ code: 'bus.cancelled' });
      await until(() => bus.asker.inFlight.outgoing === 0);
    });

    it('before the start sends nothing', async () => {
      let calls = 0;
      await bus.answering('work', async () => ++calls);
      const asked = bus.asker.request('work', {}, { ...SOON, signal: AbortSignal.abort() });
      await expect(asked).rejects.toMatchObject({ code: 'bus.cancelled' });
      expect(bus.asker.inFlight.outgoing).toBe(0);
      await bus.asker.request('work', {}, SOON);
      expect(calls).toBe(1);
    });

    it('of an exchange that nobody reads disturbs nobody', async () => {
      await bus.answering('work', () => sleep(1_000));
      const abort = new AbortController();
      bus.asker.call('work', {}, { ...SOON, signal: abort.signal });
      bus.asker.call('nobody.here', {}, SOON);
      bus.asker.call('work', {}, { timeoutMs: 1 });
      await sleep(30);
      abort.abort();
      await bus.settle();
    });
  });
}
