import { type BusUnderTest, until } from './bus-under-test.ts';

/** Messages that nobody answers, to all who listen. */
export function newsSuite(bus: BusUnderTest): void {
  describe('publish and subscribe', () => {
    it('reaches every subscriber, in order', async () => {
      const heard: [string, unknown, string][] = [];
      bus.asker.subscribe('news.*', (message, subject) => void heard.push(['first', message, subject]));
      bus.answerer.subscribe('news.today', (message, subject) => void heard.push(['second', message, subject]));
      await bus.settle();
      for (const number of [1, 2, 3]) bus.asker.publish('news.today', { number });
      await until(() => heard.length === 6);
      for (const who of ['first', 'second'])
        expect(heard.filter(([name]) => name === who).map(([, message, subject]) => [message, subject])).toEqual(
          [1, 2, 3].map((number) => [{ number }, 'news.today']),
        );
    });

    it('goes on when a subscriber fails, and logs it', async () => {
      const heard: unknown[] = [];
      bus.answerer.subscribe('news', () => {
        throw new Error('thrown');
      });
      bus.answerer.subscribe('news', async () => {
        throw new Error('rejected');
      });
      bus.answerer.subscribe('news', (message) => void heard.push(message));
      await bus.settle();
      bus.asker.publish('news', 1);
      bus.asker.publish('news', 2);
      await until(() => heard.length === 2 && bus.logged.length === 4);
    });

    it('is silent after unsubscribing', async () => {
      const heard: unknown[] = [];
      const unsubscribe = bus.answerer.subscribe('news', (message) => void heard.push(message));
      const witness: unknown[] = [];
      bus.answerer.subscribe('news', (message) => void witness.push(message));
      await bus.settle();
      bus.asker.publish('news', 1);
      await until(() => witness.length === 1);
      unsubscribe();
      bus.asker.publish('news', 2);
      await until(() => witness.length === 2);
      expect(heard).toEqual([1]);
    });

    it('refuses what does not fit', () => {
      expect(() => bus.asker.publish('news', 'x'.repeat(2_000_000))).toThrow(
        expect.objectContaining({ code: 'bus.too_large' }),
      );
    });
  });
}
