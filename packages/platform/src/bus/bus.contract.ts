import { createHash, randomFillSync, randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { CONTRACT_VERSION, Fault } from '@fingerpost/contracts';
import { currentTrace, traceFrom, withTrace } from '../trace/trace.ts';
import type { AnswerHandler, Body } from './bus.ts';
import { bytesFrame, jsonFrame } from './frames.ts';
import type { Frame, Wire } from './wire.ts';
import { WireBus } from './wire-bus.ts';

/** Something that wires can be connected to, each as if from a process of its own. */
export interface Network {
  connect(): Promise<Wire>;
  close(): Promise<void>;
}

const SOON = { timeoutMs: 5_000 };

/** What every transport must do: services are written against this and know no other. */
export function busContract(name: string, makeNetwork: () => Promise<Network>): void {
  describe(`the bus ${name}`, () => {
    let network: Network;
    let wires: Wire[];
    let buses: WireBus[];
    let logged: { err: unknown; id?: string }[];
    let asker: WireBus;
    let answerer: WireBus;

    beforeAll(async () => {
      network = await makeNetwork();
    });

    afterAll(() => network.close());

    beforeEach(async () => {
      wires = [];
      buses = [];
      logged = [];
      asker = await connect();
      answerer = await connect();
    });

    afterEach(async () => {
      await Promise.all(buses.map((bus) => bus.drain()));
      await Promise.all(wires.map((wire) => wire.close()));
    });

    async function connectWire(): Promise<Wire> {
      const wire = await network.connect();
      wires.push(wire);
      return wire;
    }

    async function connect(wire?: Wire): Promise<WireBus> {
      const bus = new WireBus(wire ?? (await connectWire()), {
        error: (facts) => logged.push(facts as { err: unknown }),
      });
      buses.push(bus);
      return bus;
    }

    const settle = () => Promise.all(wires.map((wire) => wire.flush()));

    async function answering(subject: string, handler: AnswerHandler, bus = answerer, queue = 'q'): Promise<void> {
      bus.answer(subject, queue, handler);
      await settle();
    }

    describe('one message there, one back', () => {
      it('brings the answer', async () => {
        await answering('sum', async ({ message }) => {
          const { a, b } = message as { a: number; b: number };
          return { sum: a + b };
        });
        expect(await asker.request('sum', { a: 2, b: 3 }, SOON)).toEqual({ sum: 5 });
      });

      it.each([null, false, 0, '', 'ünïcode ✓', [], { list: [{ deep: null }] }])(
        'brings %j as it is',
        async (value) => {
          await answering('echo', async ({ message }) => message);
          expect(await asker.request('echo', value, SOON)).toEqual(value);
        },
      );

      it('keeps a thousand answers apart', async () => {
        await answering('echo', async ({ message }) => {
          if ((message as number) % 3 === 0) await nextTurn();
          return message;
        });
        const numbers = Array.from({ length: 1_000 }, (_, index) => index);
        expect(await Promise.all(numbers.map((number) => asker.request('echo', number, SOON)))).toEqual(numbers);
      });

      it('says at once that nobody answers', async () => {
        const asked = asker.request('nobody.here', {}, { timeoutMs: 3_600_000 });
        await expect(asked).rejects.toMatchObject({ name: 'Fault', code: 'bus.nobody_answers' });
      });

      it('says so too when the only one has left', async () => {
        const leave = answerer.answer('gone', 'q', async () => 1);
        await settle();
        await asker.request('gone', {}, SOON);
        leave();
        await settle();
        await expect(asker.request('gone', {}, SOON)).rejects.toMatchObject({ code: 'bus.nobody_answers' });
      });

      it('refuses an answer of nothing', async () => {
        await answering('void', async () => undefined);
        await expect(asker.request('void', {}, SOON)).rejects.toMatchObject({ code: 'internal' });
      });
    });

    describe('time', () => {
      it('travels as what is left of it, and ends both sides', async () => {
        const seen = Promise.withResolvers<{ remainingMs: number; reason: unknown }>();
        await answering('slow', async (call) => {
          const remainingMs = call.remainingMs();
          await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
          seen.resolve({ remainingMs, reason: call.signal.reason });
        });
        await expect(asker.request('slow', {}, { timeoutMs: 80 })).rejects.toMatchObject({ code: 'bus.timed_out' });
        const { remainingMs, reason } = await seen.promise;
        expect(remainingMs).toBeGreaterThan(0);
        expect(remainingMs).toBeLessThanOrEqual(80);
        // by its own clock or by the asker's word, whichever comes first
        expect(['bus.timed_out', 'bus.cancelled']).toContain((reason as Fault).code);
      });

      it('ends the answering side even if the asker cannot say so', async () => {
        const stopped = Promise.withResolvers<unknown>();
        await answering('slow', async (call) => {
          await new Promise((resolve) => call.signal.addEventListener('abort', resolve));
          stopped.resolve(call.signal.reason);
        });
        const deaf = await connectWire();
        deaf.publish('slow', request({}, { 'fp-deadline': '40' }), `${deaf.inbox}.1`);
        expect(await stopped.promise).toMatchObject({ code: 'bus.timed_out' });
      });

      it('ends an exchange whose handler is deaf to its signal', async () => {
        const never = Promise.withResolvers<void>();
        await answering('deaf', () => never.promise);
        await expect(asker.request('deaf', {}, { timeoutMs: 30 })).rejects.toMatchObject({ code: 'bus.timed_out' });
        await until(() => answerer.inFlight.incoming === 0);
        never.resolve();
      });

      it.each([2 ** 31, 1e300, Infinity])('does not take %d ms for at once', async (timeoutMs) => {
        await answering('later', async (call) => {
          await wait(30);
          return call.remainingMs();
        });
        expect(await asker.request<number>('later', {}, { timeoutMs })).toBeGreaterThan(1_000_000_000);
      });

      it.each([0, -1, NaN])('takes %d ms for no time at all', async (timeoutMs) => {
        await answering('later', () => wait(200));
        await expect(asker.request('later', {}, { timeoutMs })).rejects.toMatchObject({ code: 'bus.timed_out' });
      });
    });

    describe('cancellation', () => {
      it('reaches a handler at work', async () => {
        const started = Promise.withResolvers<void>();
        const stopped = Promise.withResolvers<unknown>();
        await answering('work', async ({ signal }) => {
          signal.addEventListener('abort', () => stopped.resolve(signal.reason));
          started.resolve();
          await stopped.promise;
        });
        const abort = new AbortController();
        const asked = asker.request('work', {}, { ...SOON, signal: abort.signal });
        await started.promise;
        await wait(30); // the answering side has said by now where it listens
        abort.abort();
        await expect(asked).rejects.toMatchObject({ code: 'bus.cancelled' });
        expect(await stopped.promise).toMatchObject({ code: 'bus.cancelled' });
      });

      it('reaches a handler that had not yet said where it listens', async () => {
        const stopped = Promise.withResolvers<unknown>();
        await answering('work', async ({ signal }) => {
          signal.addEventListener('abort', () => stopped.resolve(signal.reason));
          await stopped.promise;
        });
        const abort = new AbortController();
        const asked = asker.request('work', {}, { ...SOON, signal: abort.signal });
        abort.abort();
        await expect(asked).rejects.toMatchObject({ code: 'bus.cancelled' });
        expect(await stopped.promise).toMatchObject({ code: 'bus.cancelled' });
        await until(() => asker.inFlight.outgoing === 0);
      });

      it('before the start sends nothing', async () => {
        let calls = 0;
        await answering('work', async () => ++calls);
        const asked = asker.request('work', {}, { ...SOON, signal: AbortSignal.abort() });
        await expect(asked).rejects.toMatchObject({ code: 'bus.cancelled' });
        expect(asker.inFlight.outgoing).toBe(0);
        await asker.request('work', {}, SOON);
        expect(calls).toBe(1);
      });

      it('of an exchange that nobody reads disturbs nobody', async () => {
        await answering('work', () => wait(1_000));
        const abort = new AbortController();
        asker.call('work', {}, { ...SOON, signal: abort.signal });
        asker.call('nobody.here', {}, SOON);
        asker.call('work', {}, { timeoutMs: 1 });
        await wait(30);
        abort.abort();
        await settle();
      });
    });

    describe('many replies', () => {
      it('come in order', async () => {
        await answering('count', async () => numbers(3));
        expect(await collect(asker.call('count', {}, SOON))).toEqual([0, 1, 2]);
      });

      it('come one by one, as they are there', async () => {
        const second = Promise.withResolvers<void>();
        await answering('news', async () =>
          (async function* () {
            yield 'first';
            await second.promise;
            yield 'second';
          })(),
        );
        const news = asker.call<string>('news', {}, SOON)[Symbol.asyncIterator]();
        expect(await news.next()).toEqual({ value: 'first', done: false });
        second.resolve();
        expect(await news.next()).toEqual({ value: 'second', done: false });
        expect(await news.next()).toMatchObject({ done: true });
      });

      it('may end with a fault', async () => {
        await answering('news', async () =>
          (async function* () {
            yield 1;
            throw new Fault('request.forbidden', 'No more.');
          })(),
        );
        const seen: unknown[] = [];
        const read = async () => {
          for await (const item of asker.call('news', {}, SOON)) seen.push(item);
        };
        await expect(read()).rejects.toMatchObject({ code: 'request.forbidden' });
        expect(seen).toEqual([1]);
      });

      it('stop at the source when the asker gives up', async () => {
        const left = Promise.withResolvers<void>();
        await answering('clock', async ({ signal }) =>
          (async function* () {
            try {
              for (let tick = 0; ; tick++) {
                yield tick;
                await wait(5, undefined, { signal }).catch(() => {});
              }
            } finally {
              left.resolve();
            }
          })(),
        );
        const abort = new AbortController();
        const read = async () => {
          for await (const tick of asker.call<number>('clock', {}, { ...SOON, signal: abort.signal }))
            if (tick === 5) abort.abort();
        };
        await expect(read()).rejects.toMatchObject({ code: 'bus.cancelled' });
        await left.promise;
      });

      it('without end leave time for others', async () => {
        await answering('flood', async () => numbers(Infinity));
        const read = async () => {
          for await (const _ of asker.call('flood', {}, { timeoutMs: 50 }));
        };
        await expect(read()).rejects.toMatchObject({ code: 'bus.timed_out' });
      });

      it('none at all is an end too', async () => {
        await answering('nothing', async () => undefined);
        expect(await collect(asker.call('nothing', {}, SOON))).toEqual([]);
      });
    });

    describe('publish and subscribe', () => {
      it('reaches every subscriber, in order', async () => {
        const heard: [string, unknown, string][] = [];
        asker.subscribe('news.*', (message, subject) => void heard.push(['first', message, subject]));
        answerer.subscribe('news.today', (message, subject) => void heard.push(['second', message, subject]));
        await settle();
        for (const number of [1, 2, 3]) asker.publish('news.today', { number });
        await until(() => heard.length === 6);
        for (const who of ['first', 'second'])
          expect(heard.filter(([name]) => name === who).map(([, message, subject]) => [message, subject])).toEqual(
            [1, 2, 3].map((number) => [{ number }, 'news.today']),
          );
      });

      it('goes on when a subscriber fails, and logs it', async () => {
        const heard: unknown[] = [];
        answerer.subscribe('news', () => {
          throw new Error('thrown');
        });
        answerer.subscribe('news', async () => {
          throw new Error('rejected');
        });
        answerer.subscribe('news', (message) => void heard.push(message));
        await settle();
        asker.publish('news', 1);
        asker.publish('news', 2);
        await until(() => heard.length === 2 && logged.length === 4);
      });

      it('is silent after unsubscribing', async () => {
        const heard: unknown[] = [];
        const unsubscribe = answerer.subscribe('news', (message) => void heard.push(message));
        const witness: unknown[] = [];
        answerer.subscribe('news', (message) => void witness.push(message));
        await settle();
        asker.publish('news', 1);
        await until(() => witness.length === 1);
        unsubscribe();
        asker.publish('news', 2);
        await until(() => witness.length === 2);
        expect(heard).toEqual([1]);
      });

      it('refuses what does not fit', () => {
        expect(() => asker.publish('news', 'x'.repeat(2_000_000))).toThrow(
          expect.objectContaining({ code: 'bus.too_large' }),
        );
      });
    });

    describe('queue groups', () => {
      it('give each request to one member, and spread them', async () => {
        const counts = [0, 0, 0];
        for (const member of counts.keys())
          (await connect()).answer('work', 'workers', async () => {
            counts[member]!++;
            return member;
          });
        await settle();
        await Promise.all(Array.from({ length: 300 }, () => asker.request('work', {}, SOON)));
        expect(counts.reduce((sum, count) => sum + count)).toBe(300);
        for (const count of counts) expect(count).toBeGreaterThan(30);
      });

      it('each get every request; the first answer counts', async () => {
        const seen: string[] = [];
        await answering('work', async () => seen.push('left'), answerer, 'left');
        await answering('work', async () => seen.push('right'), await connect(), 'right');
        await asker.request('work', {}, SOON);
        await until(() => seen.length === 2);
        expect(seen.sort()).toEqual(['left', 'right']);
      });

      it('lose nothing when a member drains', async () => {
        const leaving = await connect();
        await answering('work', async () => 'stays');
        await answering('work', async () => 'leaves', leaving);
        const asked = Array.from({ length: 200 }, () => asker.request('work', {}, SOON));
        const drained = leaving.drain();
        const more = Array.from({ length: 200 }, () => asker.request('work', {}, SOON));
        expect((await Promise.all([...asked, ...more])).every((who) => who === 'stays' || who === 'leaves')).toBe(true);
        await drained;
      });
    });

    it('knows wildcards', async () => {
      await answering('call.*', async ({ subject }) => subject);
      await answering('deep.>', async ({ subject }) => subject);
      expect(await asker.request('call.one', {}, SOON)).toBe('call.one');
      expect(await asker.request('deep.one', {}, SOON)).toBe('deep.one');
      expect(await asker.request('deep.one.two', {}, SOON)).toBe('deep.one.two');
      for (const other of ['call', 'call.one.two', 'deep'])
        await expect(asker.request(other, {}, SOON)).rejects.toMatchObject({ code: 'bus.nobody_answers' });
    });

    describe('bodies', () => {
      const MB = 1_000_000;

      it('go there, several MB of them', async () => {
        await answering('upload', async ({ body }) => digest(await join(body)));
        const bytes = noise(5 * MB);
        expect(await asker.request('upload', {}, { ...SOON, body: of(bytes) })).toEqual(digest(bytes));
      });

      it('come back, several MB of them, behind their items', async () => {
        const bytes = noise(5 * MB);
        await answering('download', async (call) => {
          call.sendItem({ status: 200 });
          await call.sendBytes(bytes);
        });
        const exchange = asker.call('download', {}, SOON);
        expect(await collect(exchange)).toEqual([{ status: 200 }]);
        expect(digest(await join(exchange.body))).toEqual(digest(bytes));
      });

      it('go both ways at once', async () => {
        await answering('echo', async (call) => {
          for await (const bytes of call.body) await call.sendBytes(bytes);
        });
        const bytes = noise(3 * MB);
        const exchange = asker.call('echo', {}, { ...SOON, body: of(bytes.subarray(0, MB), bytes.subarray(MB)) });
        expect(digest(await join(exchange.body))).toEqual(digest(bytes));
      });

      it('may be empty', async () => {
        await answering('upload', async ({ body }) => (await join(body)).byteLength);
        expect(await asker.request('upload', {}, SOON)).toBe(0);
        expect(await asker.request('upload', {}, { ...SOON, body: of() })).toBe(0);
        expect(await asker.request('upload', {}, { ...SOON, body: of(new Uint8Array()) })).toBe(0);
      });

      it('wait for a slow reader at the answering side', async () => {
        const start = Promise.withResolvers<void>();
        await answering('upload', async ({ body }) => {
          await start.promise;
          return (await join(body)).byteLength;
        });
        let sent = 0;
        const asked = asker.request('upload', {}, { ...SOON, body: counted(20, () => sent++) });
        await wait(80);
        expect(sent).toBeLessThanOrEqual(6);
        start.resolve();
        expect(await asked).toBe(20 * 1_000);
        expect(sent).toBe(20);
      });

      it('wait for a slow reader at the asking side', async () => {
        let sent = 0;
        await answering('download', async (call) => {
          for await (const bytes of counted(20, () => sent++)) await call.sendBytes(bytes);
        });
        const { body } = asker.call('download', {}, SOON);
        await wait(80);
        expect(sent).toBeLessThanOrEqual(6);
        expect((await join(body)).byteLength).toBe(20 * 1_000);
        expect(sent).toBe(20);
      });

      it('that break on their way break both sides', async () => {
        const seen = Promise.withResolvers<unknown>();
        await answering('upload', async ({ body }) => {
          const failure = await join(body).catch((error) => error);
          seen.resolve(failure);
          throw failure;
        });
        const broken = (async function* () {
          yield noise(10);
          throw new Error('the disk is gone');
        })();
        await expect(asker.request('upload', {}, { ...SOON, body: broken })).rejects.toThrow('the disk is gone');
        expect(await seen.promise).toMatchObject({ code: 'bus.cancelled' });
      });

      it('that break on their way back arrive as a fault, behind what had come', async () => {
        await answering('download', async (call) => {
          await call.sendBytes(noise(10));
          throw new Fault('outbound.failed', 'The host hung up.');
        });
        let bytes = 0;
        const read = async () => {
          for await (const chunk of asker.call('download', {}, SOON).body) bytes += chunk.byteLength;
        };
        await expect(read()).rejects.toMatchObject({ code: 'outbound.failed' });
        expect(bytes).toBe(10);
      });

      it('that nobody wants are let go at their source', async () => {
        const released = Promise.withResolvers<void>();
        await answering('ignores', async () => 'no, thanks');
        const body = counted(1_000, () => {}, released.resolve);
        expect(await asker.request('ignores', {}, { ...SOON, body })).toBe('no, thanks');
        await released.promise;
        expect(asker.inFlight.outgoing).toBe(0);
      });

      it('are let go when the reader leaves them', async () => {
        const stopped = Promise.withResolvers<unknown>();
        await answering('download', async (call) => {
          call.signal.addEventListener('abort', () => stopped.resolve(call.signal.reason));
          for await (const bytes of counted(1_000, () => {})) await call.sendBytes(bytes);
        });
        for await (const _ of asker.call('download', {}, SOON).body) break;
        expect(await stopped.promise).toMatchObject({ code: 'bus.cancelled' });
        expect(asker.inFlight.outgoing).toBe(0);
      });

      it('that come with an answer nobody asked a body of do not hold it up', async () => {
        await answering('download', async (call) => {
          call.sendItem('head');
          for await (const bytes of counted(1_000, () => {})) await call.sendBytes(bytes);
        });
        expect(await asker.request('download', {}, SOON)).toBe('head');
        await until(() => answerer.inFlight.incoming === 0);
      });
    });

    describe('sizes', () => {
      it('refuse a request that does not fit', async () => {
        await answering('echo', async ({ message }) => message);
        const asked = asker.request('echo', 'x'.repeat(2_000_000), SOON);
        await expect(asked).rejects.toMatchObject({ code: 'bus.too_large', message: expect.stringContaining('echo') });
        expect(asker.inFlight.outgoing).toBe(0);
      });

      it('carry what just fits', async () => {
        await answering('echo', async ({ message }) => message);
        const text = 'x'.repeat(wires[0]!.maxPayload - 2);
        expect(await asker.request('echo', text, SOON)).toBe(text);
      });

      it('tell the asker at once that an answer does not fit', async () => {
        await answering('long', async () => 'x'.repeat(2_000_000));
        await answering('longs', async () => numbers(1, 'x'.repeat(2_000_000)));
        const patient = { timeoutMs: 3_600_000 };
        await expect(asker.request('long', {}, patient)).rejects.toMatchObject({ code: 'bus.too_large' });
        await expect(collect(asker.call('longs', {}, patient))).rejects.toMatchObject({ code: 'bus.too_large' });
      });

      it('bring a fault whose detail does not fit without it', async () => {
        await answering('fail', async () => {
          throw new Fault('run.failed', 'm'.repeat(2_000_000), { detail: { text: 'x'.repeat(2_000_000) } });
        });
        await expect(asker.request('fail', {}, SOON)).rejects.toMatchObject({ code: 'run.failed', detail: undefined });
      });
    });

    describe('faults', () => {
      it('keep code, message and detail', async () => {
        await answering('fail', async () => {
          throw new Fault('grant.revoked', 'Revoked.', { detail: { digest: 'abc' }, cause: new Error('inside') });
        });
        const failure = await asker.request<never>('fail', {}, SOON).catch((error: Fault) => error);
        expect(failure).toMatchObject({
          name: 'Fault',
          code: 'grant.revoked',
          message: 'Revoked.',
          detail: { digest: 'abc' },
        });
        expect(failure.cause).toBeUndefined();
        expect(logged).toEqual([]);
      });

      it.each([
        ['an error', new Error('password=hunter2')],
        ['a text', 'password=hunter2'],
        ['nothing', undefined],
        ['an error that says it is none', Object.assign(new Error('password=hunter2'), { code: 'EPIPE' })],
      ])('of an unknown kind (%s) give a fixed sentence and an id', async (_, thrown) => {
        await answering('fail', async () => {
          throw thrown;
        });
        const failure = await asker.request<never>('fail', {}, SOON).catch((error: Fault) => error);
        expect(failure).toMatchObject({ code: 'internal' });
        expect(JSON.stringify([failure.message, failure.detail])).not.toContain('hunter2');
        expect(logged).toHaveLength(1);
        expect(failure.message).toContain(logged[0]!.id);
        expect(failure.detail).toEqual({ id: logged[0]!.id });
        expect(logged[0]!.err).toBe(thrown);
      });

      it('thrown before the first await are faults all the same', async () => {
        await answering('fail', () => {
          throw new Fault('run.failed', 'At once.');
        });
        await expect(asker.request('fail', {}, SOON)).rejects.toMatchObject({ code: 'run.failed' });
      });

      it('are given for an answer that is no JSON', async () => {
        await answering('big', async () => ({ big: 1n }));
        await expect(asker.request('big', {}, SOON)).rejects.toMatchObject({ code: 'internal' });
      });
    });

    describe('draining', () => {
      it('finishes what it answers and refuses new requests', async () => {
        const go = Promise.withResolvers<void>();
        const started = Promise.withResolvers<void>();
        await answering('work', async () => {
          started.resolve();
          await go.promise;
          return 'done';
        });
        const asked = asker.request('work', {}, SOON);
        await started.promise;
        const drained = answerer.drain();
        await settle();
        await expect(asker.request('work', {}, SOON)).rejects.toMatchObject({ code: 'bus.nobody_answers' });
        go.resolve();
        expect(await asked).toBe('done');
        await drained;
      });

      it('finishes what it asked, then refuses to ask', async () => {
        const go = Promise.withResolvers<void>();
        await answering('work', async () => {
          await go.promise;
          return 'done';
        });
        const asked = asker.request('work', {}, SOON);
        const drained = asker.drain();
        await settle();
        await wait(20);
        await expect(asker.request('work', {}, SOON)).rejects.toMatchObject({ code: 'bus.closed' });
        go.resolve();
        expect(await asked).toBe('done');
        await drained;
      });

      it('lets handlers in flight ask others', async () => {
        const go = Promise.withResolvers<void>();
        const started = Promise.withResolvers<void>();
        const third = await connect();
        await answering('store', async ({ body }) => (await join(body)).byteLength, third);
        await answering('work', async (call) => {
          started.resolve();
          await go.promise;
          return answerer.request(
            'store',
            {},
            { timeoutMs: call.remainingMs(), signal: call.signal, body: of(noise(2_000_000)) },
          );
        });
        const asked = asker.request('work', {}, SOON);
        await started.promise;
        const drained = answerer.drain();
        await settle();
        go.resolve();
        expect(await asked).toBe(2_000_000);
        await drained;
      });

      it('finishes bodies', async () => {
        const started = Promise.withResolvers<void>();
        await answering('download', async (call) => {
          started.resolve();
          await call.sendBytes(noise(3_000_000));
        });
        const exchange = asker.call('download', {}, SOON);
        await started.promise;
        const drained = answerer.drain();
        expect((await join(exchange.body)).byteLength).toBe(3_000_000);
        await drained;
      });

      it('asked for twice is over once', async () => {
        const never = asker.drain();
        const again = asker.drain();
        await Promise.all([never, again]);
        await expect(asker.request('work', {}, SOON)).rejects.toMatchObject({ code: 'bus.closed' });
      });
    });

    describe('trace context', () => {
      it('goes along as a child of the asker’s', async () => {
        await answering('trace', async () => currentTrace());
        const trace = traceFrom('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
        const seen = await withTrace(trace, () => asker.request<typeof trace>('trace', {}, SOON));
        expect(seen).toMatchObject({ traceId: trace.traceId, isSampled: true });
        expect(seen.spanId).not.toBe(trace.spanId);
      });

      it('begins where none came along', async () => {
        await answering('trace', async () => currentTrace());
        const [one, other] = await Promise.all([1, 2].map(() => asker.request<{ traceId: string }>('trace', {}, SOON)));
        expect(one!.traceId).toMatch(/^[0-9a-f]{32}$/);
        expect(one!.traceId).not.toBe(other!.traceId);
      });
    });

    describe('an answering side that is lost', () => {
      it('is noticed when it goes silent, well before the deadline', async () => {
        const mute = await connectWire();
        mute.subscribe('mute', () => {}, { queue: 'q' });
        await settle();
        const began = performance.now();
        const asked = asker.request('mute', {}, { timeoutMs: 60_000 });
        await expect(asked).rejects.toMatchObject({ code: 'bus.lost', message: expect.stringContaining('mute') });
        expect(performance.now() - began).toBeLessThan(20_000);
        await until(() => asker.inFlight.outgoing === 0);
      });

      it('is noticed in the midst of an answer', async () => {
        const mute = await connectWire();
        mute.subscribe('mute', (_frame, _subject, reply) => mute.publish(reply!, bytesFrame('open')), { queue: 'q' });
        await settle();
        await expect(asker.request('mute', {}, { timeoutMs: 60_000 })).rejects.toMatchObject({ code: 'bus.lost' });
      });

      it('is not one that takes its time', async () => {
        await answering('slow', () => wait(2_600, 'done'));
        expect(await asker.request('slow', {}, { timeoutMs: 60_000 })).toBe('done');
      });

      it.each([
        ['beat', bytesFrame('beat', undefined, { 'fp-sent': '3' })],
        ['last word', jsonFrame('last', 'the end', { 'fp-sent': '3' })],
        ['end', bytesFrame('end', undefined, { 'fp-sent': '3' })],
      ])('is one of whose frames some are missing, by its next %s', async (_, frame) => {
        const leaky = await connectWire();
        const answer = (_frame: Frame, _subject: string, reply?: string) => {
          leaky.publish(reply!, jsonFrame('item', 'one of three'));
          leaky.publish(reply!, frame);
        };
        leaky.subscribe('leaky', answer, { queue: 'q' });
        await settle();
        await expect(asker.request('leaky', {}, { timeoutMs: 60_000 })).rejects.toMatchObject({ code: 'bus.lost' });
      });
    });

    describe('an item that is to be delivered', () => {
      it('is in the asker’s hands when the answering side goes on', async () => {
        const steps: string[] = [];
        await answering('warn', async (call) => {
          await call.deliver('careful');
          steps.push('goes on');
          return 'done';
        });
        for await (const item of asker.call<string>('warn', {}, SOON)) steps.push(item);
        expect(steps).toEqual(['careful', 'goes on', 'done']);
      });

      it('holds up whoever answers until somebody reads it', async () => {
        let isDelivered = false;
        await answering('warn', async (call) => {
          call.sendItem('first');
          await call.deliver('second');
          isDelivered = true;
          return 'done';
        });
        const items = asker.call<string>('warn', {}, SOON)[Symbol.asyncIterator]();
        await items.next();
        await wait(30);
        expect(isDelivered).toBe(false);
        await items.next();
        await until(() => isDelivered);
        expect(await items.next()).toMatchObject({ value: 'done' });
      });

      it('is never in the hands of an asker that has given up', async () => {
        const failure = Promise.withResolvers<unknown>();
        const go = Promise.withResolvers<void>();
        await answering('warn', async (call) => {
          await go.promise;
          await call.deliver('careful').catch(failure.resolve);
        });
        const abort = new AbortController();
        const asked = asker.request('warn', {}, { ...SOON, signal: abort.signal });
        abort.abort();
        await expect(asked).rejects.toMatchObject({ code: 'bus.cancelled' });
        go.resolve();
        await failure.promise;
      });
    });

    describe('a bus that moves to another wire', () => {
      it('loses nothing: what is under way ends where it began', async () => {
        const started = Promise.withResolvers<void>();
        const go = Promise.withResolvers<void>();
        await answering('download', async (call) => {
          started.resolve();
          await go.promise;
          await call.sendBytes(noise(2_000_000));
        });
        await answering('echo', async ({ message }) => message);
        const heard: unknown[] = [];
        answerer.subscribe('news', (message) => void heard.push(message));
        await settle();
        const exchange = asker.call('download', {}, SOON);
        const many = Array.from({ length: 200 }, (_, index) => asker.request('echo', index, SOON));
        await started.promise;
        const moved = answerer.moveTo(await connectWire());
        const more = Array.from({ length: 200 }, (_, index) => asker.request('echo', index, SOON));
        go.resolve();
        expect((await join(exchange.body)).byteLength).toBe(2_000_000);
        await moved;
        expect(await Promise.all([...many, ...more])).toHaveLength(400);
        expect(await asker.request('echo', 'still here', SOON)).toBe('still here');
        asker.publish('news', 'new');
        await until(() => heard.length > 0);
        expect(await answerer.request('echo', 'and asks', SOON)).toBe('and asks');
      });
    });

    it('tells nobody where else it listens', async () => {
      const addresses = new Set<string>();
      const curious = await connectWire();
      curious.subscribe(
        'curious',
        (_frame, _subject, reply) => {
          addresses.add(reply!);
          curious.publish(reply!, jsonFrame('last', 1));
        },
        { queue: 'q' },
      );
      await settle();
      for (let times = 0; times < 50; times++) await asker.request('curious', {}, SOON);
      const ids = [...addresses].map((address) => address.split('.').at(-1)!);
      expect(new Set(ids).size).toBe(50);
      for (const id of ids) expect(id).toMatch(/^[0-9a-f-]{36}$/); // 122 bits of chance each, none counted on from another
    });

    describe('what strangers send', () => {
      const hostile: [string, Frame][] = [
        ['no headers', { headers: {}, payload: new Uint8Array() }],
        ['an unknown kind', jsonFrame('shrug' as 'item', {})],
        ['a forged status', { headers: { status: '503', 'fp-kind': 'open' }, payload: new Uint8Array() }],
        ['an open without an address', bytesFrame('open')],
        ['an open with a wildcard', bytesFrame('open', undefined, { 'fp-control': 'a.>' })],
        ['an open with a space', bytesFrame('open', undefined, { 'fp-control': 'a b' })],
        ['an item that is no JSON', bytesFrame('item', new TextEncoder().encode('{'))],
        ['a last item of no bytes', bytesFrame('last')],
        ['a fault that is null', jsonFrame('fault', null)],
        ['a fault with an unknown code', jsonFrame('fault', { code: 'nope.never', message: 'x' })],
        ['a fault without a message', jsonFrame('fault', { code: 'run.failed' })],
        ['a fault that is no JSON', bytesFrame('fault', new Uint8Array([255, 254]))],
        ['a chunk', bytesFrame('chunk', new Uint8Array(10))],
        ['a credit', bytesFrame('credit')],
        ['a cancellation', bytesFrame('cancel')],
        ['an end of body', bytesFrame('end-body')],
        ['an event', jsonFrame('event', {})],
        ['a request', request({})],
      ];

      it.each(hostile)('crashes no asker and no answerer: %s', async (_, frame) => {
        await answering('echo', async ({ message }) => message);
        asker.subscribe('news', () => {});
        const stranger = await connectWire();
        await settle();
        for (const wire of wires)
          for (const id of ['0', 'r.0', 'c.0', 'r.*.*', 'c.*.*', 'r.>', 'c.>'])
            stranger.publish(`${wire.inbox}.${id}`, frame);
        stranger.publish('echo', frame);
        stranger.publish('echo', frame, `${stranger.inbox}.1`);
        stranger.publish('news', frame);
        await settle();
        await wait(5);
        await settle();
        expect(await asker.request('echo', 'still here', SOON)).toBe('still here');
      });

      it.each(hostile.filter(([, frame]) => frame.headers['fp-kind']?.match(/fault|item|last/)))(
        'ends the exchange with a fault that we know: %s',
        async (_, frame) => {
          const rogue = await connectWire();
          rogue.subscribe('rogue', (_frame, _subject, reply) => rogue.publish(reply!, frame), { queue: 'q' });
          await settle();
          await expect(asker.request('rogue', {}, SOON)).rejects.toMatchObject({ name: 'Fault', code: 'internal' });
        },
      );

      it.each([
        ['no contract', { 'fp-contract': undefined }, 'bus.contract_mismatch'],
        ['a later contract', { 'fp-contract': String(CONTRACT_VERSION + 2) }, 'bus.contract_mismatch'],
        ['no number for a contract', { 'fp-contract': 'new' }, 'bus.contract_mismatch'],
        ['an empty contract', { 'fp-contract': '' }, 'bus.contract_mismatch'],
        ['no deadline', { 'fp-deadline': undefined }, 'request.invalid'],
        ['no number for a deadline', { 'fp-deadline': 'soon' }, 'request.invalid'],
        ['another kind', { 'fp-kind': 'item' }, 'request.invalid'],
      ])('is refused with a fault: %s', async (_, headers, code) => {
        await answering('echo', async ({ message }) => message);
        expect(await ask(request({}, headers))).toMatchObject({ code });
      });

      it('is refused with a fault: no JSON', async () => {
        await answering('echo', async ({ message }) => message);
        expect(await ask({ ...request({}), payload: new Uint8Array([123]) })).toMatchObject({
          code: 'request.invalid',
        });
      });

      it('is answered when only one release apart', async () => {
        await answering('echo', async ({ message }) => message);
        expect(await ask(request('hello', { 'fp-contract': String(CONTRACT_VERSION + 1) }))).toBe('hello');
      });

      it('is no event unless it says so', async () => {
        const heard: unknown[] = [];
        asker.subscribe('news', (message) => void heard.push(message));
        await settle();
        const stranger = await connectWire();
        stranger.publish('news', bytesFrame('chunk', new TextEncoder().encode('{"epoch":1}')));
        stranger.publish('news', jsonFrame('event', 'true news'));
        await until(() => heard.length > 0);
        expect(heard).toEqual(['true news']);
      });

      async function ask(frame: Frame): Promise<unknown> {
        const stranger = await connectWire();
        const answer = Promise.withResolvers<unknown>();
        stranger.subscribe(`${stranger.inbox}.1`, ({ payload }) =>
          answer.resolve(JSON.parse(new TextDecoder().decode(payload))),
        );
        await settle();
        stranger.publish('echo', frame, `${stranger.inbox}.1`);
        return answer.promise;
      }
    });

    it('leaves nothing behind', async () => {
      await answering('echo', async ({ message }) => message);
      await answering('fail', async () => {
        throw new Fault('run.failed', 'Failed.');
      });
      await answering('hang', ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)));
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
            asker.request('echo', {}, options),
            asker.request('echo', {}, { ...options, body: of(noise(10)) }),
            asker.request('fail', {}, options),
            asker.request('nobody.here', {}, options),
          ]).flat(),
        );
      expect(listeners).toBe(0);
      const hanging = Array.from({ length: 100 }, () => asker.request('hang', {}, options));
      await wait(30);
      abort.abort();
      await Promise.allSettled(hanging);

      await until(() => asker.inFlight.outgoing === 0 && answerer.inFlight.incoming === 0);
      await until(() => timers() <= timersBefore);
      expect(listeners).toBe(0);
    });

    describe('messages that are kept', () => {
      const kept = { id: randomUUID(), what: 'was done' };

      it('reach one member of each group', async () => {
        const heard: unknown[] = [];
        for (const bus of [answerer, await connect()])
          bus.consume('kept.*', 'book', async (message, subject) => void heard.push([subject, message]));
        await settle();
        await asker.keep('kept.one', kept, SOON);
        await until(() => heard.length > 0);
        expect(heard).toEqual([['kept.one', kept]]);
      });

      it('are counted until the group is done with them', async () => {
        let goOn = () => {};
        answerer.consume('kept.*', 'book', () => new Promise<void>((resolve) => (goOn = resolve)));
        await settle();
        const keeping = asker.keep('kept.three', { id: randomUUID() }, SOON);
        const most = await Promise.race([keeping, wait(200)]).then(() => answerer.backlog('kept.*', 'book'));
        expect(most).toBeLessThanOrEqual(1); // on a bus without a store whoever keeps waits instead
        goOn();
        await keeping;
        while ((await answerer.backlog('kept.*', 'book')) > 0) await wait(5);
      });

      it('come again after a consumer failed', async () => {
        let times = 0;
        answerer.consume('kept.*', 'book', async () => {
          if (++times === 1) throw new Fault('bus.timed_out', 'The book is not to be found.');
        });
        await settle();
        const again = { id: randomUUID() };
        await asker.keep('kept.two', again, SOON).catch(() => asker.keep('kept.two', again, SOON));
        await until(() => times === 2);
      });
    });
  });
}

function request(message: unknown, headers: Record<string, string | undefined> = {}): Frame {
  const all = { 'fp-contract': String(CONTRACT_VERSION), 'fp-deadline': '5000', 'fp-kind': 'request', ...headers };
  const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { headers: Object.fromEntries(given), payload: jsonFrame('request', message).payload };
}

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(2);
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const join = async (body: Body): Promise<Uint8Array> => Buffer.concat(await collect(body));

async function* of(...parts: Uint8Array[]): Body {
  yield* parts;
}

async function* numbers(count: number, value?: unknown): AsyncGenerator<unknown> {
  for (let number = 0; number < count; number++) yield value ?? number;
}

/** So many chunks of 1 kB; tells of each that is asked for, and when it is left. */
async function* counted(count: number, onChunk: () => void, onLeft: () => void = () => {}): Body {
  try {
    for (let chunk = 0; chunk < count; chunk++) {
      onChunk();
      yield noise(1_000);
    }
  } finally {
    onLeft();
  }
}

const noise = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
