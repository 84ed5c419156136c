import { HeapBudget } from './heap-budget.ts';
import type { Isolate } from './ivm.ts';

const isolate = () => ({ isDisposed: false }) as { isDisposed: boolean } & Isolate;

describe('the heap of all isolates', () => {
  it('is never promised twice', async () => {
    const budget = new HeapBudget(128);
    const [first, second] = [isolate(), isolate()];
    await budget.make(64, () => first, 0);
    await budget.make(64, () => second, 0);
    expect(budget.has(1)).toBe(false);
    expect(await budget.make(64, isolate, 5)).toBeUndefined();
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
    const first = (await budget.make(64, make('first'), 0)) as { isDisposed: boolean } & Isolate;
    const second = budget.make(64, make('second'), 1_000);
    const third = budget.make(64, make('third'), 1_000);
    budget.letIn();
    expect(made).toEqual(['first']);
    first.isDisposed = true;
    budget.letIn();
    ((await second) as { isDisposed: boolean }).isDisposed = true;
    budget.letIn();
    await third;
    expect(made).toEqual(['first', 'second', 'third']);
  });
});
