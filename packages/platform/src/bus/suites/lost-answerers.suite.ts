import { setTimeout as sleep } from 'node:timers/promises';
import { bytesFrame, jsonFrame } from '../frames.ts';
import type { Frame } from '../wire.ts';
import { type BusUnderTest, until } from './bus-under-test.ts';

/** An asker hears soon that nobody will answer, however late its deadline. */
export function lostAnswerersSuite(bus: BusUnderTest): void {
  describe('an answering side that is lost', () => {
    it('is noticed when it goes silent, well before the deadline', async () => {
      const mute = await bus.connectWire();
      mute.subscribe('mute', () => {}, { queue: 'q' });
      await bus.settle();
      const began = performance.now();
      const asked = bus.asker.request('mute', {}, { timeoutMs: 60_000 });
      await expect(asked).rejects.toMatchObject({ code: 'bus.lost', message: expect.stringContaining('mute') });
      expect(performance.now() - began).toBeLessThan(20_000);
      await until(() => bus.asker.inFlight.outgoing === 0);
    });

    it('is noticed in the midst of an answer', async () => {
      const mute = await bus.connectWire();
      mute.subscribe('mute', (_frame, _subject, reply) => mute.publish(reply!, bytesFrame('open')), { queue: 'q' });
      await bus.settle();
      await expect(bus.asker.request('mute', {}, { timeoutMs: 60_000 })).rejects.toMatchObject({ code: 'bus.lost' });
    });

    it('is not one that takes its time', async () => {
      await bus.answering('slow', () => sleep(2_600, 'done'));
      expect(await bus.asker.request('slow', {}, { timeoutMs: 60_000 })).toBe('done');
    });

    it.each([
      ['beat', bytesFrame('beat', undefined, { 'fp-sent': '3' })],
      ['last word', jsonFrame('last', 'the end', { 'fp-sent': '3' })],
      ['end', bytesFrame('end', undefined, { 'fp-sent': '3' })],
    ])('is one of whose frames some are missing, by its next %s', async (_, frame) => {
      const leaky = await bus.connectWire();
      const answer = (_frame: Frame, _subject: string, reply?: string) => {
        leaky.publish(reply!, jsonFrame('item', 'one of three'));
        leaky.publish(reply!, frame);
      };
      leaky.subscribe('leaky', answer, { queue: 'q' });
      await bus.settle();
      await expect(bus.asker.request('leaky', {}, { timeoutMs: 60_000 })).rejects.toMatchObject({ code: 'bus.lost' });
    });
  });
}
