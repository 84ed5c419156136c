import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@fingerpost/contracts';
import { type BusUnderTest, SOON, until } from './bus-under-test.ts';
import { collect, numbers } from './streams.ts';

/** Many replies to one request, in order, each as soon as it is there. */
export function repliesSuite(bus: BusUnderTest): void {
  describe('many replies', () => {
    it('come in order', async () => {
      await bus.answering('count', async () => numbers(3));
      expect(await collect(bus.asker.call('count', {}, SOON))).toEqual([0, 1, 2]);
    });

    it('come one by one, as they are there', async () => {
      const second = Promise.withResolvers<void>();
      await bus.answering('news', async () =>
        (async function* () {
          yield 'first';
          await second.promise;
          yield 'second';
        })(),
      );
      const news = bus.asker.call<string>('news', {}, SOON)[Symbol.asyncIterator]();
      expect(await news.next()).toEqual({ value: 'first', done: false });
      second.resolve();
      expect(await news.next()).toEqual({ value: 'second', done: false });
      expect(await news.next()).toMatchObject({ done: true });
    });

    it('may end with a fault', async () => {
      await bus.answering('news', async () =>
        (async function* () {
          yield 1;
          throw new Fault('request.forbidden', 'No more.');
        })(),
      );
      const seen: unknown[] = [];
      const read = async () => {
        for await (const item of bus.asker.call('news', {}, SOON)) seen.push(item);
      };
      await expect(read()).rejects.toMatchObject({ code: 'request.forbidden' });
      expect(seen).toEqual([1]);
    });

    it('stop at the source when the asker gives up', async () => {
      const left = Promise.withResolvers<void>();
      await bus.answering('clock', async ({ signal }) =>
        (async function* () {
          try {
            for (let tick = 0; ; tick++) {
              yield tick;
              await sleep(5, undefined, { signal }).catch(() => {});
            }
          } finally {
            left.resolve();
          }
        })(),
      );
      const abort = new AbortController();
      const read = async () => {
        for await (const tick of bus.asker.call<number>('clock', {}, { ...SOON, signal: abort.signal }))
          if (tick === 5) abort.abort();
      };
      await expect(read()).rejects.toMatchObject({ code: 'bus.cancelled' });
      await left.promise;
    });

    it('without end leave time for others', async () => {
      await bus.answering('flood', async () => numbers(Infinity));
      const read = async () => {
        for await (const _ of bus.asker.call('flood', {}, { timeoutMs: 50 }));
      };
      await expect(read()).rejects.toMatchObject({ code: 'bus.timed_out' });
    });

    it('none at all is an end too', async () => {
      await bus.answering('nothing', async () => undefined);
      expect(await collect(bus.asker.call('nothing', {}, SOON))).toEqual([]);
    });
  });

  describe('an item that is to be delivered', () => {
    it('is in the asker’s hands when the answering side goes on', async () => {
      const steps: string[] = [];
      await bus.answering('warn', async (call) => {
        await call.deliver('careful');
        steps.push('goes on');
        return 'done';
      });
      for await (const item of bus.asker.call<string>('warn', {}, SOON)) steps.push(item);
      expect(steps).toEqual(['careful', 'goes on', 'done']);
    });

    it('holds up whoever answers until somebody reads it', async () => {
      let isDelivered = false;
      await bus.answering('warn', async (call) => {
        call.sendItem('first');
        await call.deliver('second');
        isDelivered = true;
        return 'done';
      });
      const items = bus.asker.call<string>('warn', {}, SOON)[Symbol.asyncIterator]();
      await items.next();
      await sleep(30);
      expect(isDelivered).toBe(false);
      await items.next();
      await until(() => isDelivered);
      expect(await items.next()).toMatchObject({ value: 'done' });
    });

    it('is never in the hands of an asker that has given up', async () => {
      const failure = Promise.withResolvers<unknown>();
      const go = Promise.withResolvers<void>();
      await bus.answering('warn', async (call) => {
        await go.promise;
        await call.deliver('careful').catch(failure.resolve);
      });
      const abort = new AbortController();
      const asked = bus.asker.request('warn', {}, { ...SOON, signal: abort.signal });
      abort.abort();
      await expect(asked).rejects.toMatchObject({ code: 'bus.cancelled' });
      go.resolve();
      await failure.promise;
    });
  });
}
