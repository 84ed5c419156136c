import { Suspects } from './suspects.ts';

const acquit = (suspects: Suspects, digest: string, times: number) => {
  for (let n = 0; n < times; n++) suspects.acquit(digest);
};

describe('a version that is suspected', () => {
  it('is none any more after three runs alone', () => {
    const suspects = new Suspects();
    suspects.suspect(['a', 'b', 'a']);
    acquit(suspects, 'a', 2);
    expect(suspects.has('a')).toBe(true);
    acquit(suspects, 'a', 1);
    expect(suspects.has('a')).toBe(false);
    expect(suspects.has('b')).toBe(true);
  });

  it('has twice as much to show each time', () => {
    const suspects = new Suspects();
    for (const runs of [3, 6, 12, 24, 24]) {
      suspects.suspect(['a', 'b']);
      acquit(suspects, 'a', runs - 1);
      expect(suspects.has('a')).toBe(true);
      acquit(suspects, 'a', 1);
      expect(suspects.has('a')).toBe(false);
    }
  });
});

describe('a version that is suspected time after time', () => {
  const suspectedTimes = (times: number, others: string[]) => {
    const suspects = new Suspects();
    for (let n = 0; n < times; n++) suspects.suspect(['a', ...others]);
    return suspects;
  };

  it('is put aside where it was alone, and only after six', () => {
    expect(suspectedTimes(5, []).isPutAside('a')).toBe(false);
    expect(suspectedTimes(6, []).isPutAside('a')).toBe(true);
  });

  it('is not where others were there, too', () => {
    expect(suspectedTimes(20, ['b']).putAside).toBe(0);
  });
});

describe('a version that has ended a process', () => {
  it('runs alone, and is put aside when it has ended two', () => {
    const suspects = new Suspects();
    suspects.convict('a');
    acquit(suspects, 'a', 10);
    expect(suspects.has('a')).toBe(true);
    expect(suspects.isPutAside('a')).toBe(false);
    suspects.convict('a');
    expect(suspects.isPutAside('a')).toBe(true);
    expect(suspects.isPutAside('b')).toBe(false);
  });
});
