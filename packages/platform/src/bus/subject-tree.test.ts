import { SubjectTree } from './subject-tree.ts';

const listeners = (...patterns: string[]) => {
  const tree = new SubjectTree<string>();
  const removers = new Map(patterns.map((pattern) => [pattern, tree.add(pattern, pattern)]));
  return {
    match: (subject: string) => tree.match(subject).sort(),
    remove: (pattern: string) => removers.get(pattern)!(),
  };
};

describe('a subject', () => {
  it('finds everybody whose pattern fits', () => {
    const { match } = listeners('a.b', 'a.*', 'a.>', '*.b', '>', 'a', 'a.b.c', 'a.*.c', '*');
    expect(match('a.b')).toEqual(['*.b', '>', 'a.*', 'a.>', 'a.b']);
    expect(match('a')).toEqual(['*', '>', 'a']);
    expect(match('a.b.c')).toEqual(['>', 'a.*.c', 'a.>', 'a.b.c']);
    expect(match('x.b')).toEqual(['*.b', '>']);
  });

  it('finds nobody where words are missing or too many', () => {
    const { match } = listeners('a.b', 'a.*.c', 'x.>');
    for (const subject of ['a', 'a.c', 'a.b.c.d', 'a.b.d', 'x', 'ab', 'a.bb']) expect(match(subject)).toEqual([]);
  });

  it('may name words that objects inherit', () => {
    const { match } = listeners('constructor.*', '__proto__.x');
    expect(match('constructor.toString')).toEqual(['constructor.*']);
    expect(match('__proto__.x')).toEqual(['__proto__.x']);
    expect(match('toString')).toEqual([]);
  });

  it('loses only whom one removes, and takes them back', () => {
    const { match, remove } = listeners('a.b', 'a.b.c', 'a.*');
    remove('a.b');
    expect(match('a.b')).toEqual(['a.*']);
    expect(match('a.b.c')).toEqual(['a.b.c']);
    remove('a.b.c');
    remove('a.b.c');
    expect(match('a.b.c')).toEqual([]);
    expect(match('a.x')).toEqual(['a.*']);
  });

  it('keeps listeners that arrived on a branch after others had left it', () => {
    const tree = new SubjectTree<string>();
    const first = tree.add('a.b.c', 'first');
    first();
    tree.add('a.b.c', 'second');
    first();
    expect(tree.match('a.b.c')).toEqual(['second']);
  });
});
