import { nearest } from './nearest.ts';

describe('what was probably meant', () => {
  it.each([
    ['cahce', 'cache'],
    ['Cache', 'cache'],
    ['prioritiy', 'priority'],
    ['isolaton', 'isolation'],
    ['colour', undefined],
  ])('by %s is %s', (word, meant) => {
    expect(nearest(word, ['name', 'cache', 'cacheKey', 'priority', 'isolation'])).toBe(meant);
  });
});
