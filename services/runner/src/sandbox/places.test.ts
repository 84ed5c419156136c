import { Places } from './places.ts';

describe('places', () => {
  it('are taken in order of arrival', async () => {
    const places = new Places(1);
    const order: string[] = [];
    const visit = async (name: string) => {
      if (await places.take(name, 1_000)) order.push(name);
      places.leave(name);
    };
    await Promise.all(['a', 'b', 'c'].map(visit));
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('are not waited for for ever, and nobody who has gone is let in', async () => {
    const places = new Places(1);
    expect(await places.take('a', 1)).toBe(true);
    expect(await places.take('b', 1)).toBe(false);
    places.leave('a');
    expect(await places.take('c', 1)).toBe(true);
  });

  it('are not all for one: the last waits for somebody else', async () => {
    const places = new Places(4);
    const greedy = await Promise.all([1, 2, 3, 4].map(() => places.take('greedy', 5)));
    expect(greedy).toEqual([true, true, true, false]);
    expect(await places.take('modest', 5)).toBe(true);
  });

  it('go to whoever has fewest, however long the line of another is', async () => {
    const places = new Places(2);
    const entered: string[] = [];
    const visit = (name: string) => places.take(name, 1_000).then(() => entered.push(name));
    await Promise.all([visit('greedy'), visit('other')]);
    void visit('greedy');
    void visit('greedy');
    void visit('modest');
    places.leave('other');
    await Promise.resolve();
    await Promise.resolve();
    expect(entered).toEqual(['greedy', 'other', 'modest']);
  });
});
