import { HeapBudget } from './heap-budget.ts';
import type { Isolate } from './ivm.ts';

const isolate = () => ({ isDisposed: false }) as { isDisposed: boolean } & Isolate;

describe('the heap of all isolates', () => {
  it('is never promised twice', async () => {
    const budget = new HeapBudget(128);
    const [first, second] = [isolate(), isolate()];
    await budget.make('a', 64, () => first, 0);
    await budget.make('b', 64, () => second, 0);
    expect(budget.has(1)).toBe(false);
    expect(await budget.make('c', 64, isolate, 5)).toBeUndefined();
    (first as { isDisposed: boolean }).isDisposed = true;
    expect(budget.has(64)).toBe(true);
  });

  it('goes to whoever waits, in order', async () => {
    const budget = new HeapBudget(64);
    const made: string[] = [];
    const make = (name: string) => () => {
      made.push(name);
      return isolate();
    };
    const first = (await budget.make('a', 64, make('first'), 0)) as { isDisposed: boolean } & Isolate;
    const second = budget.make('b', 64, make('second'), 1_000);
    const third = budget.make('c', 64, make('third'), 1_000);
    budget.letIn();
    expect(made).toEqual(['first']);
    first.isDisposed = true;
    budget.letIn();
    ((await second) as { isDisposed: boolean }).isDisposed = true;
    budget.letIn();
    await third;
    expect(made).toEqual(['first', 'second', 'third']);
  });

  it('is not all for one: the last quarter waits for somebody else', async () => {
    const budget = new HeapBudget(8 * 64);
    const greedy = await Promise.all(Array.from({ length: 8 }, () => budget.make('greedy', 64, isolate, 5)));
    expect(greedy.filter((one) => one !== undefined)).toHaveLength(6);
    expect(await budget.make('modest', 64, isolate, 5)).toBeDefined();
  });

  it('counts what was made ahead from when it is given away', async () => {
    const budget = new HeapBudget(4 * 64);
    const ahead = [1, 2, 3].map(() => budget.makeAhead(64, isolate));
    expect(budget.isFair('greedy', 64)).toBe(true);
    for (const one of ahead) budget.give(one, 'greedy');
    expect(budget.isFair('greedy', 64)).toBe(false);
  });
});
