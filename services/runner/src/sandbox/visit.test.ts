import { whoComputed } from './visit.ts';

const visits = (...cpuMs: (number | undefined)[]) => cpuMs.map((ms) => ({ cpuMs: ms }));

describe('who may have filled a process’s memory', () => {
  it('is who computed, or has only just begun', () => {
    expect(whoComputed(visits(0, 90, undefined, 3))).toEqual(visits(90, undefined));
  });

  it('is everybody, where nobody did', () => {
    expect(whoComputed(visits(0, 3))).toEqual(visits(0, 3));
  });
});
