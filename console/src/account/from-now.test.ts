import { fromNow } from './from-now.ts';

describe('fromNow', () => {
  it.each([
    [-3 * 3_600_000, '3 hours ago'],
    [12 * 3_600_000 - 1_000, 'in 12 hours'],
    [-26 * 3_600_000, 'yesterday'],
    [90 * 86_400_000, 'in 90 days'],
    [-20_000, 'just now'],
    [20_000, 'in less than a minute'],
  ])('says how far %d ms are, as people do', (ms, said) => {
    expect(fromNow(ms)).toBe(said);
  });
});
