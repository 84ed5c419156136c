import { Shelf } from './shelf.ts';

const value = (name: string, digest = `${name}-1`) => ({ name, digest });
const broken = (file: string, message = 'broken') => ({ file, message });
const shelf = () => new Shelf<{ name: string; digest: string }>((mine) => `"${mine.name}" is taken`);
const digests = (of: ReturnType<typeof shelf>) => of.served.map(({ digest }) => digest).sort();

describe('a shelf', () => {
  it('keeps the last good state of a broken file in service', () => {
    const it = shelf();
    it.put('a.js', value('owner'), 0);
    it.settle();
    it.refuse('a.js', broken('a.js'), 1);
    expect(it.settle()).toEqual([broken('a.js')]);
    expect(digests(it)).toEqual(['owner-1']);
    expect(it.all).toMatchObject([{ file: 'a.js', served: value('owner'), fault: broken('a.js') }]);
  });

  it('tells of a fault once', () => {
    const it = shelf();
    expect(it.refuse('a.js', broken('a.js'), 0)).toBe(true);
    expect(it.settle()).toHaveLength(1);
    expect(it.refuse('a.js', broken('a.js'), 1)).toBe(false);
    expect(it.settle()).toHaveLength(0);
    it.refuse('a.js', broken('a.js', 'in another way'), 2);
    expect(it.settle()).toHaveLength(1);
  });

  it('is content again when the file is', () => {
    const it = shelf();
    it.put('a.js', value('owner'), 0);
    it.refuse('a.js', broken('a.js'), 1);
    it.settle();
    expect(it.put('a.js', value('owner'), 2)).toBe(true);
    it.settle();
    expect(it.all[0]!.fault).toBeUndefined();
  });

  it('takes no notice of a state that it knows', () => {
    const it = shelf();
    expect(it.put('a.js', value('owner'), 0)).toBe(true);
    expect(it.put('a.js', value('owner'), 1)).toBe(false);
  });

  it('gives a name to the file that came first, and of those that came together to the first by path', () => {
    const it = shelf();
    it.put('b.js', value('owner', 'b'), 0);
    it.settle();
    it.put('a.js', value('owner', 'a'), 0);
    it.put('0.js', value('owner', '0'), 1);
    expect(it.settle().map(({ file }) => file)).toEqual(['b.js', '0.js']);
    expect(digests(it)).toEqual(['a']);
  });

  it('hands a name on when its holder goes', () => {
    const it = shelf();
    it.put('a.js', value('owner', 'a'), 0);
    it.put('b.js', value('owner', 'b'), 0);
    it.settle();
    it.remove('a.js');
    it.settle();
    expect(digests(it)).toEqual(['b']);
    expect(it.all[0]!.fault).toBeUndefined();
  });

  it('keeps the former state of a file that takes another one’s name', () => {
    const it = shelf();
    it.put('a.js', value('owner', 'a'), 0);
    it.put('b.js', value('chat', 'b'), 0);
    it.settle();
    it.put('b.js', value('owner', 'b2'), 1);
    expect(it.settle()).toEqual([{ file: 'b.js', message: '"owner" is taken' }]);
    expect(digests(it)).toEqual(['a', 'b']);
    it.settle();
    expect(digests(it)).toEqual(['a', 'b']);
  });
});
