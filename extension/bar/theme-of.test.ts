import { lightnessOf } from './theme-of.ts';

describe('lightnessOf', () => {
  it.each([
    ['rgb(255, 255, 255)', 1],
    ['rgb(0, 0, 0)', 0],
    ['rgba(255, 255, 255, 0.9)', 1],
  ])('%s', (color, expected) => expect(lightnessOf(color)).toBeCloseTo(expected));

  it.each(['rgba(0, 0, 0, 0)', 'transparent', 'color(srgb 1 1 1)', ''])('cannot tell of %j', (color) =>
    expect(lightnessOf(color)).toBeUndefined(),
  );
});
