import { RecentUse } from './recent-use.ts';

describe('what was used lately', () => {
  it('counts less and less', () => {
    let now = 0;
    const use = new RecentUse(() => now);
    use.add('a', 1_000);
    now += 20_000;
    expect(use.of('a')).toBeCloseTo(500);
    use.add('a', 100);
    expect(use.of('a')).toBeCloseTo(600);
    now += 3_600_000;
    expect(use.of('a')).toBeCloseTo(0);
    expect(use.of('b')).toBe(0);
  });

  it('is far above only where a run or two make no difference', () => {
    const use = new RecentUse(() => 0);
    use.add('modest', 5);
    use.add('equal', 60);
    use.add('heavy', 2_000);
    expect(use.isFarAbove('equal', 'modest')).toBe(false);
    expect(use.isFarAbove('heavy', 'modest')).toBe(true);
    expect(use.isFarAbove('modest', 'heavy')).toBe(false);
  });
});
