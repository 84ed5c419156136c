import { Places } from './places.ts';

describe('places', () => {
  it('are taken in order of arrival', async () => {
    const places = new Places(1);
    const order: string[] = [];
    const visit = async (name: string) => {
      if (await places.take(1_000)) order.push(name);
      places.leave();
    };
    await Promise.all(['a', 'b', 'c'].map(visit));
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('are not waited for for ever, and nobody who has gone is let in', async () => {
    const places = new Places(1);
    expect(await places.take(1)).toBe(true);
    expect(await places.take(1)).toBe(false);
    places.leave();
    expect(await places.take(1)).toBe(true);
  });
});
