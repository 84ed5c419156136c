import type { Secret } from '@fingerpost/platform';
import { describe, expect, it } from '@jest/globals';
import { MemoryStore } from './memory-store.ts';
import { storeOfRun } from './store-of-run.ts';

const newRun = (id: string) => ({ id, forgetAt: Number.POSITIVE_INFINITY, first: new Map<string, Secret>() });

describe('a run', () => {
  it('goes on with the value that it read first, and the next run has the new one', async () => {
    const store = new MemoryStore({ KEY: 'old' });
    const run = newRun('one');
    expect((await storeOfRun(store, run).read('KEY'))?.reveal()).toBe('old');
    await store.set('KEY', 'new');
    expect((await storeOfRun(store, run).read('KEY'))?.reveal()).toBe('old');
    expect((await storeOfRun(store, newRun('two')).read('KEY'))?.reveal()).toBe('new');
  });

  it('has no value any more that the store has not', async () => {
    const store = new MemoryStore({ KEY: 'old' });
    const mine = storeOfRun(store, newRun('one'));
    await mine.read('KEY');
    await store.remove('KEY');
    expect(await mine.read('KEY')).toBeUndefined();
  });
});
