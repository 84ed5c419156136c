import { HeapBudget } from './heap-budget.ts';
import type { Isolate } from './ivm.ts';
import { RecentUse } from './recent-use.ts';

const isolate = () => ({ isDisposed: false }) as { isDisposed: boolean } & Isolate;

const budgetOf = (mb: number) => new HeapBudget(mb, new RecentUse(() => 0));

describe('the heap of all isolates', () => {
  it('is never promised twice', async () => {
    const budget = budgetOf(128);
    const [first, second] = [isolate(), isolate()];
    await budget.make('a', 64, () => first, 0);
    await budget.make('b', 64, () => second, 0);
    expect(budget.has(1)).toBe(false);
    expect(await budget.make('c', 64, isolate, 5)).toBeUndefined();
    (first as { isDisposed: boolean }).isDisposed = true;
    expect(budget.has(64)).toBe(true);
  });

  it('goes to whoever waits, in order', async () => {
    const budget = budgetOf(64);
    const made: string[] = [];
    const make = (name: string) => () => {
      made.push(name);
      return isolate();
    };
    const first = (await budget.make('a', 64, make('first'), 0)) as { isDisposed: boolean } & Isolate;
    const second = budget.make('b', 64, make('second'), 1_000);
    const third = budget.make('c', 64, make('third'), 1_000);
    budget.reclaim();
    await Promise.resolve();
    expect(made).toEqual(['first']);
    first.isDisposed = true;
    budget.reclaim();
    ((await second) as { isDisposed: boolean }).isDisposed = true;
    budget.reclaim();
    await third;
    expect(made).toEqual(['first', 'second', 'third']);
  });

  it('is not all for one: the last quarter waits for somebody else', async () => {
    const budget = budgetOf(8 * 64);
    const greedy = await Promise.all(Array.from({ length: 8 }, () => budget.make('greedy', 64, isolate, 5)));
    expect(greedy.filter((one) => one !== undefined)).toHaveLength(6);
    expect(await budget.make('modest', 64, isolate, 5)).toBeDefined();
  });

  it('counts what was made ahead from when it is given away', async () => {
    const budget = budgetOf(4 * 64);
    const ahead = [1, 2, 3].map(() => budget.makeAhead(64, isolate));
    expect(budget.isFair('greedy', 64)).toBe(true);
    for (const one of ahead) budget.give(one, 'greedy');
    expect(budget.isFair('greedy', 64)).toBe(false);
  });

  it('is nobody’s while its isolate waits for the next run', async () => {
    const budget = budgetOf(4 * 64);
    const made = await Promise.all([1, 2, 3].map(() => budget.make('greedy', 64, isolate, 5)));
    expect(budget.isFair('greedy', 64)).toBe(false);
    budget.give(made[0]!, undefined);
    expect(budget.isFair('greedy', 64)).toBe(true);
    expect(budget.has(2 * 64)).toBe(false);
  });

  it('is given back by what could not be made', async () => {
    const budget = budgetOf(64);
    const failing = () => {
      throw new Error('no isolate');
    };
    await expect(budget.make('a', 64, failing, 5)).rejects.toThrow('no isolate');
    expect(budget.has(64)).toBe(true);
  });
});
