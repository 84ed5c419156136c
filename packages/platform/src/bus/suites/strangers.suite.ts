import { setTimeout as sleep } from 'node:timers/promises';
import { CONTRACT_VERSION } from '@fingerpost/contracts';
import type { Inflow } from '../flow.ts';
import { bytesFrame, jsonFrame } from '../frames.ts';
import type { Frame } from '../wire.ts';
import { type BusUnderTest, request, SOON, until } from './bus-under-test.ts';
import { counted, join } from './streams.ts';

/** Frames from others on the network crash nobody and teach them nothing. */
export function strangersSuite(bus: BusUnderTest): void {
  it('tells nobody where else it listens', async () => {
    const addresses = new Set<string>();
    const curious = await bus.connectWire();
    curious.subscribe(
      'curious',
      (_frame, _subject, reply) => {
        addresses.add(reply!);
        curious.publish(reply!, jsonFrame('last', 1));
      },
      { queue: 'q' },
    );
    await bus.settle();
    for (let times = 0; times < 50; times++) await bus.asker.request('curious', {}, SOON);
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
      await bus.answering('echo', async ({ message }) => message);
      bus.asker.subscribe('news', () => {});
      const stranger = await bus.connectWire();
      await bus.settle();
      for (const wire of bus.wires)
        for (const id of ['0', 'r.0', 'c.0', 'r.*.*', 'c.*.*', 'r.>', 'c.>'])
          stranger.publish(`${wire.inbox}.${id}`, frame);
      stranger.publish('echo', frame);
      stranger.publish('echo', frame, `${stranger.inbox}.r.test.1`);
      stranger.publish('news', frame);
      await bus.settle();
      await sleep(5);
      await bus.settle();
      expect(await bus.asker.request('echo', 'still here', SOON)).toBe('still here');
    });

    it.each(hostile.filter(([, frame]) => frame.headers['fp-kind']?.match(/fault|item|last/)))(
      'ends the exchange with a fault that we know: %s',
      async (_, frame) => {
        const rogue = await bus.connectWire();
        rogue.subscribe('rogue', (_frame, _subject, reply) => rogue.publish(reply!, frame), { queue: 'q' });
        await bus.settle();
        await expect(bus.asker.request('rogue', {}, SOON)).rejects.toMatchObject({ name: 'Fault', code: 'internal' });
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
      await bus.answering('echo', async ({ message }) => message);
      expect(await ask(request({}, headers))).toMatchObject({ code });
    });

    it('is refused with a fault: no JSON', async () => {
      await bus.answering('echo', async ({ message }) => message);
      expect(await ask({ ...request({}), payload: new Uint8Array([123]) })).toMatchObject({
        code: 'request.invalid',
      });
    });

    it('is answered when only one release apart', async () => {
      await bus.answering('echo', async ({ message }) => message);
      expect(await ask(request('hello', { 'fp-contract': String(CONTRACT_VERSION + 1) }))).toBe('hello');
    });

    it('is no event unless it says so', async () => {
      const heard: unknown[] = [];
      bus.asker.subscribe('news', (message) => void heard.push(message));
      await bus.settle();
      const stranger = await bus.connectWire();
      stranger.publish('news', bytesFrame('chunk', new TextEncoder().encode('{"epoch":1}')));
      stranger.publish('news', jsonFrame('event', 'true news'));
      await until(() => heard.length > 0);
      expect(heard).toEqual(['true news']);
    });

    it.each([
      'audit.gateway',
      '$JS.ACK.AUDIT.registry.1.1.1.1.0',
      'news',
      '_INBOX.a',
      '_INBOX.a.c.b.d',
      '_INBOX.a.r.*.d',
    ])('is answered at %s by nobody', async (place) => {
      let asked = 0;
      await bus.answering('echo', async ({ message }) => {
        asked++;
        return message;
      });
      const stranger = await bus.connectWire();
      const heard: unknown[] = [];
      if (!place.includes('*')) stranger.subscribe(place, (frame) => heard.push(frame));
      await bus.settle();
      stranger.publish('echo', request('say this there'), place);
      await bus.settle();
      expect(await bus.asker.request('echo', 'still here', SOON)).toBe('still here');
      expect({ asked, heard }).toEqual({ asked: 1, heard: [] });
    });

    it.each(['audit.gateway', '_INBOX.a.r.b.d', 'news'])('is told nothing at %s by whoever asks', async (place) => {
      const rogue = await bus.connectWire();
      const heard: unknown[] = [];
      rogue.subscribe(place, (frame) => heard.push(frame));
      rogue.subscribe(
        'rogue',
        (_frame, _subject, reply) => {
          rogue.publish(reply!, bytesFrame('open', undefined, { 'fp-control': place }));
          rogue.publish(reply!, jsonFrame('item', 1, { 'fp-confirm': '1' }));
          rogue.publish(reply!, bytesFrame('chunk', new Uint8Array(1)));
        },
        { queue: 'q' },
      );
      await bus.settle();
      const body = counted(3, () => {});
      const exchange = bus.asker.call('rogue', {}, { timeoutMs: 100, body });
      for await (const _ of exchange);
      await expect(join(exchange.body)).rejects.toMatchObject({ code: 'bus.timed_out' });
      await bus.settle();
      expect(heard).toEqual([]);
    });

    it('fills nobody’s memory: chunks without credit end the exchange, for whoever asks', async () => {
      const rogue = await bus.connectWire();
      const flood = (_frame: Frame, _subject: string, reply?: string) => {
        for (let sent = 0; sent < 50; sent++) rogue.publish(reply!, bytesFrame('chunk', new Uint8Array(1_000)));
      };
      rogue.subscribe('rogue', flood, { queue: 'q' });
      await bus.settle();
      const { body } = bus.asker.call('rogue', {}, SOON);
      await sleep(50);
      expect((body as Inflow<Uint8Array>).unread).toBeLessThanOrEqual(4);
      await expect(join(body)).rejects.toMatchObject({ code: 'bus.too_large' });
    });

    it('fills nobody’s memory: chunks without credit end the exchange, for whoever answers', async () => {
      const over = Promise.withResolvers<unknown>();
      await bus.answering('upload', async ({ body, signal }) => {
        signal.addEventListener('abort', () => over.resolve(signal.reason));
        await sleep(SOON.timeoutMs, undefined, { signal });
        return (await join(body)).byteLength;
      });
      const rogue = await bus.connectWire();
      const flood = ({ headers }: Frame) => {
        for (let sent = 0; sent < 50 && headers['fp-control'] !== undefined; sent++)
          rogue.publish(headers['fp-control'], bytesFrame('chunk', new Uint8Array(1_000)));
      };
      rogue.subscribe(`${rogue.inbox}.r.test.1`, flood);
      await bus.settle();
      rogue.publish('upload', request({}, { 'fp-body': '1' }), `${rogue.inbox}.r.test.1`);
      expect(await over.promise).toMatchObject({ code: 'bus.too_large' });
    });

    it('keeps nothing open for days, whatever it says is left', async () => {
      const left = Promise.withResolvers<number>();
      await bus.answering('slow', async (call) => left.resolve(call.remainingMs()));
      const stranger = await bus.connectWire();
      stranger.publish('slow', request({}, { 'fp-deadline': '9999999999' }), `${stranger.inbox}.r.test.1`);
      expect(await left.promise).toBeLessThanOrEqual(15 * 60_000);
    });

    async function ask(frame: Frame): Promise<unknown> {
      const stranger = await bus.connectWire();
      const answer = Promise.withResolvers<unknown>();
      stranger.subscribe(`${stranger.inbox}.r.test.1`, ({ payload }) =>
        answer.resolve(JSON.parse(new TextDecoder().decode(payload))),
      );
      await bus.settle();
      stranger.publish('echo', frame, `${stranger.inbox}.r.test.1`);
      return answer.promise;
    }
  });
}
