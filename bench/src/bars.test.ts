import { type Results, ratioBar, valueBar } from './bars.ts';

const round = (p50Ms: number, requestsPerSecond?: number) => ({ p50Ms, p99Ms: p50Ms * 2, requestsPerSecond });
const results: Results = {
  saturated: { ours: [round(4, 400), round(6, 100)], yardstick: [round(8, 100), round(6, 50)] },
};

describe('ratioBar', () => {
  const bar = ratioBar({
    part: 'saturated',
    figure: 'requestsPerSecond',
    of: 'ours',
    to: 'yardstick',
    atLeast: 3,
    from: 'a test',
  });

  it('compares within each round', () => {
    expect(bar.read(results)).toEqual({ median: 3, min: 2, max: 4 });
  });

  it('is met at its limit and missed below', () => {
    expect(bar.isMet(3)).toBe(true);
    expect(bar.isMet(2.99)).toBe(false);
  });

  it('says nothing of a server that did not take part', () => {
    expect(bar.read({ saturated: { ours: results.saturated!.ours! } })).toBeUndefined();
    expect(bar.read({})).toBeUndefined();
  });
});

describe('valueBar', () => {
  const bar = valueBar({ part: 'saturated', figure: 'p50Ms', of: 'ours', atMost: 5, from: 'a test' });

  it('takes the median of the rounds', () => {
    expect(bar.read(results)).toEqual({ median: 5, min: 4, max: 6 });
    expect(bar.isMet(5)).toBe(true);
    expect(bar.isMet(5.01)).toBe(false);
  });

  it('says nothing of what was not measured', () => {
    const cpu = valueBar({ part: 'saturated', figure: 'cpuMsPerRequest', of: 'ours', atMost: 5, from: 'a test' });
    expect(cpu.read(results)).toBeUndefined();
  });
});
