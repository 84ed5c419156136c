import { median, percentile, ratiosOf, spreadOf } from './figures.ts';

const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('percentile', () => {
  it('takes the nearest rank, whatever the order of the values', () => {
    expect(percentile(oneToHundred, 0.5)).toBe(50);
    expect(percentile(oneToHundred, 0.99)).toBe(99);
    expect(percentile([3, 1, 2], 0.5)).toBe(2);
  });

  it('reaches both ends', () => {
    expect(percentile(oneToHundred, 0)).toBe(1);
    expect(percentile(oneToHundred, 1)).toBe(100);
    expect(percentile([7], 0.99)).toBe(7);
  });

  it('sorts as numbers, not as text', () => {
    expect(percentile([10, 9, 100], 1)).toBe(100);
    expect(percentile([10, 9, 100], 0.5)).toBe(10);
  });

  it('leaves the values as they were', () => {
    const values = [3, 1, 2];
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses to speak about nothing', () => {
    expect(() => percentile([], 0.5)).toThrow('percentile of nothing');
  });
});

describe('median', () => {
  it('is the middle one of an odd number of values', () => expect(median([9, 1, 5])).toBe(5));
  it('is the mean of the two middle ones of an even number', () => expect(median([1, 2, 10, 20])).toBe(6));
  it('shrugs off one wild round', () => expect(median([10, 11, 12, 11, 900])).toBe(11));
  it('refuses to speak about nothing', () => expect(() => median([])).toThrow('median of nothing'));
});

describe('spreadOf', () => {
  it('names the middle and both ends', () => expect(spreadOf([4, 8, 6])).toEqual({ median: 6, min: 4, max: 8 }));
});

describe('ratiosOf', () => {
  it('divides round by round, so that a slow round cancels out', () => {
    expect(ratiosOf([100, 50, 80], [50, 25, 40])).toEqual({ median: 2, min: 2, max: 2 });
  });

  it('is not the ratio of the medians', () => {
    expect(ratiosOf([1, 10, 100], [10, 1, 100]).median).toBe(1);
    expect(ratiosOf([2, 9, 30], [1, 10, 10])).toEqual({ median: 2, min: 0.9, max: 3 });
  });

  it('refuses rounds that do not pair', () => {
    expect(() => ratiosOf([1, 2], [1])).toThrow('do not pair');
  });
});
