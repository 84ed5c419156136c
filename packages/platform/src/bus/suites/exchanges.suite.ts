import { setImmediate as nextTurn } from 'node:timers/promises';
import { currentTrace, traceFrom, withTrace } from '../../trace/trace.ts';
import { type BusUnderTest, SOON, until } from './bus-under-test.ts';

/** A request finds whoever answers it, alone, in a group or by a wildcard, and its answer comes back. */
export function exchangesSuite(bus: BusUnderTest): void {
  describe('one message there, one back', () => {
    it('brings the answer', async () => {
      await bus.answering('sum', async ({ message }) => {
        const { a, b } = message as { a: number; b: number };
        return { sum: a + b };
      });
      expect(await bus.asker.request('sum', { a: 2, b: 3 }, SOON)).toEqual({ sum: 5 });
    });

    it.each([null, false, 0, '', 'ünïcode ✓', [], { list: [{ deep: null }] }])('brings %j as it is', async (value) => {
      await bus.answering('echo', async ({ message }) => message);
      expect(await bus.asker.request('echo', value, SOON)).toEqual(value);
    });

    it('keeps a thousand answers apart', async () => {
      await bus.answering('echo', async ({ message }) => {
        if ((message as number) % 3 === 0) await nextTurn();
        return message;
      });
      const numbers = Array.from({ length: 1_000 }, (_, index) => index);
      expect(await Promise.all(numbers.map((number) => bus.asker.request('echo', number, SOON)))).toEqual(numbers);
    });

    it('says at once that nobody answers', async () => {
      const asked = bus.asker.request('nobody.here', {}, { timeoutMs: 3_600_000 });
      await expect(asked).rejects.toMatchObject({ name: 'Fault', code: 'bus.nobody_answers' });
    });

    it('says so too when the only one has left', async () => {
      const leave = bus.answerer.answer('gone', 'q', async () => 1);
      await bus.settle();
      await bus.asker.request('gone', {}, SOON);
      leave();
      await bus.settle();
      await expect(bus.asker.request('gone', {}, SOON)).rejects.toMatchObject({ code: 'bus.nobody_answers' });
    });

    it('refuses an answer of nothing', async () => {
      await bus.answering('void', async () => undefined);
      await expect(bus.asker.request('void', {}, SOON)).rejects.toMatchObject({ code: 'internal' });
    });
  });

  it('knows wildcards', async () => {
    await bus.answering('call.*', async ({ subject }) => subject);
    await bus.answering('deep.>', async ({ subject }) => subject);
    expect(await bus.asker.request('call.one', {}, SOON)).toBe('call.one');
    expect(await bus.asker.request('deep.one', {}, SOON)).toBe('deep.one');
    expect(await bus.asker.request('deep.one.two', {}, SOON)).toBe('deep.one.two');
    for (const other of ['call', 'call.one.two', 'deep'])
      await expect(bus.asker.request(other, {}, SOON)).rejects.toMatchObject({ code: 'bus.nobody_answers' });
  });

  describe('queue groups', () => {
    it('give each request to one member, and spread them', async () => {
      const counts = [0, 0, 0];
      for (const member of counts.keys())
        (await bus.connect()).answer('work', 'workers', async () => {
          counts[member]!++;
          return member;
        });
      await bus.settle();
      await Promise.all(Array.from({ length: 300 }, () => bus.asker.request('work', {}, SOON)));
      expect(counts.reduce((sum, count) => sum + count)).toBe(300);
      for (const count of counts) expect(count).toBeGreaterThan(30);
    });

    it('each get every request; the first answer counts', async () => {
      const seen: string[] = [];
      await bus.answering('work', async () => seen.push('left'), bus.answerer, 'left');
      await bus.answering('work', async () => seen.push('right'), await bus.connect(), 'right');
      await bus.asker.request('work', {}, SOON);
      await until(() => seen.length === 2);
      expect(seen.sort()).toEqual(['left', 'right']);
    });

    it('lose nothing when a member drains', async () => {
      const leaving = await bus.connect();
      await bus.answering('work', async () => 'stays');
      await bus.answering('work', async () => 'leaves', leaving);
      const asked = Array.from({ length: 200 }, () => bus.asker.request('work', {}, SOON));
      const drained = leaving.drain();
      const more = Array.from({ length: 200 }, () => bus.asker.request('work', {}, SOON));
      expect((await Promise.all([...asked, ...more])).every((who) => who === 'stays' || who === 'leaves')).toBe(true);
      await drained;
    });
  });

  describe('trace context', () => {
    it('goes along as a child of the asker’s', async () => {
      await bus.answering('trace', async () => currentTrace());
      const trace = traceFrom('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
      const seen = await withTrace(trace, () => bus.asker.request<typeof trace>('trace', {}, SOON));
      expect(seen).toMatchObject({ traceId: trace.traceId, isSampled: true });
      expect(seen.spanId).not.toBe(trace.spanId);
    });

    it('begins where none came along', async () => {
      await bus.answering('trace', async () => currentTrace());
      const [one, other] = await Promise.all(
        [1, 2].map(() => bus.asker.request<{ traceId: string }>('trace', {}, SOON)),
      );
      expect(one!.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(one!.traceId).not.toBe(other!.traceId);
    });
  });
}
