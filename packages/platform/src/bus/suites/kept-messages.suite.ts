import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@fingerpost/contracts';
import { type BusUnderTest, SOON, until } from './bus-under-test.ts';

/** Messages that must not be lost: kept until somebody has dealt with them. */
export function keptMessagesSuite(bus: BusUnderTest): void {
  describe('messages that are kept', () => {
    const kept = { id: randomUUID(), what: 'was done' };

    it('reach one member of each group', async () => {
      const heard: unknown[] = [];
      for (const member of [bus.answerer, await bus.connect()])
        member.consume('kept.*', 'book', async (message, subject) => void heard.push([subject, message]));
      await bus.settle();
      await bus.asker.keep('kept.one', kept, SOON);
      await until(() => heard.length > 0);
      expect(heard).toEqual([['kept.one', kept]]);
    });

    it('are counted until the group is done with them', async () => {
      let goOn = () => {};
      bus.answerer.consume('kept.*', 'book', () => new Promise<void>((resolve) => (goOn = resolve)));
      await bus.settle();
      const keeping = bus.asker.keep('kept.three', { id: randomUUID() }, SOON);
      const most = await Promise.race([keeping, sleep(200)]).then(() => bus.answerer.backlog('kept.*', 'book'));
      expect(most).toBeLessThanOrEqual(1); // on a bus without a store whoever keeps waits instead
      goOn();
      await keeping;
      while ((await bus.answerer.backlog('kept.*', 'book')) > 0) await sleep(5);
    });

    it('come again after a consumer failed', async () => {
      let times = 0;
      bus.answerer.consume('kept.*', 'book', async () => {
        if (++times === 1) throw new Fault('bus.timed_out', 'The book is not to be found.');
      });
      await bus.settle();
      const again = { id: randomUUID() };
      await bus.asker.keep('kept.two', again, SOON).catch(() => bus.asker.keep('kept.two', again, SOON));
      await until(() => times === 2);
    });
  });
}
