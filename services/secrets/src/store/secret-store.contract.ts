import { missingFrom, type SecretStore } from './secret-store.ts';

const run = { id: 'a run', forgetAt: Number.POSITIVE_INFINITY };

export interface StoreUnderTest {
  store: SecretStore;
  /** changes a value behind the store's back, as an operator would; absent where values are fixed at the start */
  change?: (name: string, value: string) => Promise<void>;
  takeAway?: (name: string) => Promise<void>;
  /** resolves when what was changed behind its back must be seen; at once where absent */
  untilSeen?: () => Promise<unknown>;
}

/** What every store promises. */
export function secretStoreContract(
  name: string,
  make: (values: Record<string, string>) => Promise<StoreUnderTest>,
): void {
  describe(`${name} as a secret store`, () => {
    it('reads a value by its name', async () => {
      const { store } = await make({ GH_TOKEN: 'ghp_one', PD_TOKEN: 'pd_one' });
      expect((await store.read('GH_TOKEN', run))?.reveal()).toBe('ghp_one');
    });

    it('answers undefined for what is not there, and never an inherited field', async () => {
      const { store } = await make({ GH_TOKEN: 'ghp_one' });
      for (const absent of ['PD_TOKEN', 'gh_token', '', '__proto__', 'constructor', 'toString', '../GH_TOKEN'])
        expect(await store.read(absent, run)).toBeUndefined();
    });

    it('keeps values exactly, whatever is in them', async () => {
      const value = ' ä€😀"\\\n{}=,$&\t ';
      const { store } = await make({ ODD: value });
      expect((await store.read('ODD', run))?.reveal()).toBe(value);
    });

    it('lists names in order and names what is missing', async () => {
      const { store } = await make({ B_TWO: '2', A_ONE: '1' });
      expect(await store.names()).toEqual(['A_ONE', 'B_TWO']);
      expect([await store.has('A_ONE'), await store.has('a_one'), await store.has('__proto__')]).toEqual([
        true,
        false,
        false,
      ]);
      expect(await missingFrom(store, ['A_ONE', 'C_THREE', 'B_TWO', 'D_FOUR'])).toEqual(['C_THREE', 'D_FOUR']);
    });

    it('keeps its revision while nothing changes', async () => {
      const { store } = await make({ A_ONE: '1' });
      const first = await store.revision();
      await store.read('A_ONE', run);
      expect(await store.revision()).toBe(first);
    });

    it('tells nobody its values by the revision', async () => {
      // The same content twice: were the revision a plain digest, both would be equal and a guess could be tested.
      const [one, two] = [await make({ PIN: '1234' }), await make({ PIN: '1234' })];
      expect(await one.store.revision()).not.toBe(await two.store.revision());
    });

    it('sees a new value and a removal at the next read, under a new revision', async () => {
      const { store, change, takeAway, untilSeen } = await make({ A_ONE: 'before' });
      if (change === undefined || takeAway === undefined) return;
      await store.read('A_ONE', run);
      const revisions = [await store.revision()];
      await change('A_ONE', 'behind');
      await untilSeen?.();
      expect((await store.read('A_ONE', run))?.reveal()).toBe('behind');
      revisions.push(await store.revision());
      await takeAway('A_ONE');
      await untilSeen?.();
      expect(await store.read('A_ONE', run)).toBeUndefined();
      revisions.push(await store.revision());
      expect(new Set(revisions).size).toBe(3);
    });
  });
}
