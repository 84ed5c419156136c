import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, IdentityStore } from './identity-store.ts';

/** What every place promises that keeps people, sessions and tokens. `another` is the same place behind another gateway. */
export function identityStoreContract(
  name: string,
  make: () => Promise<{ store: IdentityStore; another?: IdentityStore; close(): Promise<void> }>,
): void {
  describe(`${name} as identity store`, () => {
    let made: Awaited<ReturnType<typeof make>>;
    let store: IdentityStore;
    let other: IdentityStore;
    beforeEach(async () => {
      made = await make();
      store = made.store;
      other = made.another ?? made.store;
    });
    afterEach(() => made.close());

    it('gives back what was written last, as a copy', async () => {
      const record = { list: [1] };
      await store.write('session', 'a', { before: true });
      await store.write('session', 'a', record);
      record.list.push(2);
      ((await other.read<{ list: number[] }>('session', 'a')) as { list: number[] }).list.push(3);
      expect(await other.read('session', 'a')).toEqual({ list: [1] });
    });

    it('keeps shelves and ids apart, whatever they hold', async () => {
      await store.write('session', '","x', 1);
      expect(await store.read('session","', 'x')).toBeUndefined();
      expect(await store.read('person', '","x')).toBeUndefined();
      for (const id of ['__proto__', '', 'ünï©ode', 'k'.repeat(2_000)]) {
        await store.write('person', id, { of: id });
        expect(await other.read('person', id)).toEqual({ of: id });
      }
    });

    it('forgets when the time is up, in lists too', async () => {
      await store.write('session', 'short', 1, { keepMs: 40, owner: 'anna' });
      await store.write('session', 'long', 2, { keepMs: 60_000, owner: 'anna' });
      await sleep(80);
      expect(await store.read('session', 'short')).toBeUndefined();
      expect(await store.list('session')).toEqual([{ id: 'long', record: 2 }]);
      expect(await store.list('session', 'anna')).toEqual([{ id: 'long', record: 2 }]);
    });

    it('takes what is over for not there, whoever asks', async () => {
      await store.write('spent', 'a', 1, { keepMs: 30 });
      await store.write('spent', 'b', 1, { keepMs: 30 });
      await store.write('spent', 'c', 1, { keepMs: 30 });
      await sleep(60);
      expect(await other.replace('spent', 'a', 2)).toBe(false);
      expect(await other.add('spent', 'b', 2)).toBe(true);
      expect(await other.take('spent', 'c')).toBeUndefined();
      expect([await store.read('spent', 'a'), await store.read('spent', 'b')]).toEqual([undefined, 2]);
    });

    it('lists a shelf whole, though a company is more than goes into one reply', async () => {
      const name = 'x'.repeat(400);
      for (let from = 0; from < 6_000; from += 500)
        await Promise.all(Array.from({ length: 500 }, (_, n) => store.write('person', `${from + n}`, { name })));
      const listed = await other.list<{ name: string }>('person');
      expect(new Set(listed.map(({ id }) => id)).size).toBe(6_000);
      expect(listed.every(({ record }) => record.name === name)).toBe(true);
    });

    it('lists a shelf, and what there belongs to one owner', async () => {
      await store.write('session', 'a', 1, { owner: 'anna' });
      await store.write('session', 'b', 2, { owner: 'ben' });
      await store.write('token', 't', 3, { owner: 'anna' });
      await store.write('person', 'anna', 4);
      const ids = async (shelf: string, owner?: string) =>
        (await other.list(shelf, owner)).map(({ id }) => id).toSorted();
      expect(await ids('session')).toEqual(['a', 'b']);
      expect(await ids('session', 'anna')).toEqual(['a']);
      expect(await ids('token', 'anna')).toEqual(['t']);
      expect(await ids('person')).toEqual(['anna']);
      expect(await ids('session', 'nobody')).toEqual([]);
      await store.take('session', 'a');
      expect(await ids('session', 'anna')).toEqual([]);
    });

    it('lets one of many add, and one of many take', async () => {
      const twenty = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? store : other));
      const added = await Promise.all(twenty.map((at, n) => at.add('spent', 'jti', n, { keepMs: 60_000 })));
      expect(added.filter(Boolean)).toHaveLength(1);
      expect(await store.read('spent', 'jti')).toBe(added.indexOf(true));
      const taken = await Promise.all(twenty.map((at) => at.take('spent', 'jti')));
      expect(taken.filter((record) => record !== undefined)).toEqual([added.indexOf(true)]);
      expect(await store.add('spent', 'jti', 'again')).toBe(true);
    });

    it('replaces what is there, and brings nothing back that was taken', async () => {
      await store.write('session', 'a', 1, { owner: 'anna', keepMs: 60_000 });
      expect(await other.replace('session', 'a', 2, { owner: 'anna', keepMs: 60_000 })).toBe(true);
      expect(await store.read('session', 'a')).toBe(2);
      await store.take('session', 'a');
      expect(await other.replace('session', 'a', 3, { owner: 'anna' })).toBe(false);
      expect(await store.read('session', 'a')).toBeUndefined();
      expect(await store.list('session', 'anna')).toEqual([]);
    });

    it('tells every gateway within a second what was taken or written over, and is quiet where asked to be', async () => {
      const heard: Change[] = [];
      const stop = other.watch((change) => heard.push(change));
      await store.write('session', 'quiet', 1, { isQuiet: true });
      await store.write('session', 'a', 1);
      await store.take('session', 'a');
      await store.take('session', 'not there');
      await sleep(1_000);
      stop();
      expect(heard).toContainEqual({ shelf: 'session', id: 'a' });
      expect(heard).toContainEqual({ shelf: 'session', id: 'not there' });
      expect(heard).not.toContainEqual({ shelf: 'session', id: 'quiet' });
      const before = heard.length;
      await store.take('session', 'quiet');
      await sleep(700);
      expect(heard).toHaveLength(before);
    });
  });
}
