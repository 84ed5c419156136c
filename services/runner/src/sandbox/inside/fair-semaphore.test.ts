import { FairSemaphore } from './fair-semaphore.ts';
import { RecentUse } from './recent-use.ts';

const semaphoreOf = (permits: number, use = new RecentUse(() => 0)) => new FairSemaphore(permits, use);

describe('a fair semaphore', () => {
  it('lets in by order of arrival', async () => {
    const semaphore = semaphoreOf(1);
    const order: string[] = [];
    const visit = async (name: string) => {
      if (await semaphore.acquire(name, 1_000)) order.push(name);
      semaphore.release(name);
    };
    await Promise.all(['a', 'b', 'c'].map(visit));
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('makes nobody wait for ever, and lets in nobody who has gone', async () => {
    const semaphore = semaphoreOf(1);
    expect(await semaphore.acquire('a', 1)).toBe(true);
    expect(await semaphore.acquire('b', 1)).toBe(false);
    semaphore.release('a');
    expect(await semaphore.acquire('c', 1)).toBe(true);
  });

  it('does not give all to one: the last waits for somebody else', async () => {
    const semaphore = semaphoreOf(4);
    const greedy = await Promise.all([1, 2, 3, 4].map(() => semaphore.acquire('greedy', 5)));
    expect(greedy).toEqual([true, true, true, false]);
    expect(await semaphore.acquire('modest', 5)).toBe(true);
  });

  it('gives as much as is asked for at first, even if it is all there is', async () => {
    const semaphore = semaphoreOf(4);
    expect(await semaphore.acquire('large', 5, 4)).toBe(true);
    expect(await semaphore.acquire('other', 5)).toBe(false);
  });

  it('lets in whoever has used least lately, however long the line of others is', async () => {
    const semaphore = semaphoreOf(2);
    const entered: string[] = [];
    const visit = (name: string) => semaphore.acquire(name, 1_000).then(() => entered.push(name));
    await Promise.all([visit('greedy'), visit('other')]);
    void visit('greedy');
    void visit('greedy');
    void visit('modest');
    semaphore.release('other');
    await Promise.resolve();
    await Promise.resolve();
    expect(entered).toEqual(['greedy', 'other', 'modest']);
  });

  it('keeps the last quarter from a crowd each of whom has used much', () => {
    const use = new RecentUse(() => 0);
    const semaphore = semaphoreOf(20, use);
    const crowd = Array.from({ length: 30 }, (_, index) => `hostile ${index}`);
    for (const one of crowd) use.add(one, 2_000);
    expect(crowd.filter((one) => semaphore.tryAcquire(one))).toHaveLength(15);
    expect(['good', 'good', 'new'].map((one) => semaphore.tryAcquire(one))).toEqual([true, true, true]);
  });
});
