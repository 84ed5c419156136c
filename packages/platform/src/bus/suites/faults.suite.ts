import { Fault } from '@fingerpost/contracts';
import { type BusUnderTest, SOON } from './bus-under-test.ts';
import { collect, numbers } from './streams.ts';

/** What goes wrong arrives as one of our faults, and tells a stranger nothing. */
export function faultsSuite(bus: BusUnderTest): void {
  describe('faults', () => {
    it('keep code, message and detail', async () => {
      await bus.answering('fail', async () => {
        throw new Fault('grant.revoked', 'Revoked.', { detail: { digest: 'abc' }, cause: new Error('inside') });
      });
      const failure = await bus.asker.request<never>('fail', {}, SOON).catch((error: Fault) => error);
      expect(failure).toMatchObject({
        name: 'Fault',
        code: 'grant.revoked',
        message: 'Revoked.',
        detail: { digest: 'abc' },
      });
      expect(failure.cause).toBeUndefined();
      expect(bus.logged).toEqual([]);
    });

    it.each([
      ['an error', new Error('password=hunter2')],
      ['a text', 'password=hunter2'],
      ['nothing', undefined],
      ['an error that says it is none', Object.assign(new Error('password=hunter2'), { code: 'EPIPE' })],
    ])('of an unknown kind (%s) give a fixed sentence and an id', async (_, thrown) => {
      await bus.answering('fail', async () => {
        throw thrown;
      });
      const failure = await bus.asker.request<never>('fail', {}, SOON).catch((error: Fault) => error);
      expect(failure).toMatchObject({ code: 'internal' });
      expect(JSON.stringify([failure.message, failure.detail])).not.toContain('hunter2');
      expect(bus.logged).toHaveLength(1);
      expect(failure.message).toContain(bus.logged[0]!.id);
      expect(failure.detail).toEqual({ id: bus.logged[0]!.id });
      expect(bus.logged[0]!.err).toBe(thrown);
    });

    it('thrown before the first await are faults all the same', async () => {
      await bus.answering('fail', () => {
        throw new Fault('run.failed', 'At once.');
      });
      await expect(bus.asker.request('fail', {}, SOON)).rejects.toMatchObject({ code: 'run.failed' });
    });

    it('are given for an answer that is no JSON', async () => {
      await bus.answering('big', async () => ({ big: 1n }));
      await expect(bus.asker.request('big', {}, SOON)).rejects.toMatchObject({ code: 'internal' });
    });
  });

  describe('sizes', () => {
    it('refuse a request that does not fit', async () => {
      await bus.answering('echo', async ({ message }) => message);
      const asked = bus.asker.request('echo', 'x'.repeat(2_000_000), SOON);
      await expect(asked).rejects.toMatchObject({ code: 'bus.too_large', message: expect.stringContaining('echo') });
      expect(bus.asker.inFlight.outgoing).toBe(0);
    });

    it('carry what just fits', async () => {
      await bus.answering('echo', async ({ message }) => message);
      const text = 'x'.repeat(bus.wires[0]!.maxPayload - 2);
      expect(await bus.asker.request('echo', text, SOON)).toBe(text);
    });

    it('tell the asker at once that an answer does not fit', async () => {
      await bus.answering('long', async () => 'x'.repeat(2_000_000));
      await bus.answering('longs', async () => numbers(1, 'x'.repeat(2_000_000)));
      const patient = { timeoutMs: 3_600_000 };
      await expect(bus.asker.request('long', {}, patient)).rejects.toMatchObject({ code: 'bus.too_large' });
      await expect(collect(bus.asker.call('longs', {}, patient))).rejects.toMatchObject({ code: 'bus.too_large' });
    });

    it('bring a fault whose detail does not fit without it', async () => {
      await bus.answering('fail', async () => {
        throw new Fault('run.failed', 'm'.repeat(2_000_000), { detail: { text: 'x'.repeat(2_000_000) } });
      });
      await expect(bus.asker.request('fail', {}, SOON)).rejects.toMatchObject({
        code: 'run.failed',
        detail: undefined,
      });
    });
  });
}
