import { howMany } from './how-many.ts';

describe('how many of each service', () => {
  it('are two or three, and as many as one says', () => {
    expect(howMany([])).toEqual({ gateways: 2, registries: 2, runners: 3, secrets: 2 });
    expect(howMany(['--runners', '12', '--secrets=1'])).toMatchObject({ gateways: 2, runners: 12, secrets: 1 });
  });

  it.each(['two', '0', '-1', '1.5', '1e9', ''])('are never %j', (text) => {
    expect(() => howMany([`--runners=${text}`])).toThrow(`--runners must be a whole number from 1, not "${text}"`);
  });

  it('are asked for by no other name', () => {
    expect(() => howMany(['--runner', '2'])).toThrow('--runner');
  });
});
