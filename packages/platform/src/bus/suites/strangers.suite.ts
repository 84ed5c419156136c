import { setTimeout as wait } from 'node:timers/promises';
import { CONTRACT_VERSION } from '@fingerpost/contracts';
import { bytesFrame, jsonFrame } from '../frames.ts';
import type { Frame } from '../wire.ts';
import { type BusUnderTest, request, SOON, until } from './bus-under-test.ts';

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
      stranger.publish('echo', frame, `${stranger.inbox}.1`);
      stranger.publish('news', frame);
      await bus.settle();
      await wait(5);
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

    async function ask(frame: Frame): Promise<unknown> {
      const stranger = await bus.connectWire();
      const answer = Promise.withResolvers<unknown>();
      stranger.subscribe(`${stranger.inbox}.1`, ({ payload }) =>
        answer.resolve(JSON.parse(new TextDecoder().decode(payload))),
      );
      await bus.settle();
      stranger.publish('echo', frame, `${stranger.inbox}.1`);
      return answer.promise;
    }
  });
}
