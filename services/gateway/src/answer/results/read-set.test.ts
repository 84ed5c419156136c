import type { ContextRead } from '@fingerpost/contracts';
import { declaredFields, fingerprint, toReadSet } from './read-set.ts';

const read = (how: ContextRead['how'], ...path: string[]): ContextRead => ({ how, path });
const sees = (context: object, ...reads: ContextRead[]) => fingerprint(context, reads);

describe('fingerprint', () => {
  it('differs where a value that was read differs, and nowhere else', () => {
    const reads = [read('value', 'page', 'repository')];
    expect(sees({ page: { repository: 'a', tab: 1 } }, ...reads)).toBe(
      sees({ page: { repository: 'a', tab: 2 } }, ...reads),
    );
    expect(sees({ page: { repository: 'a' } }, ...reads)).not.toBe(sees({ page: { repository: 'b' } }, ...reads));
  });

  it('tells absence from null, from the empty text and from "undefined"', () => {
    const texts = [{}, { a: null }, { a: '' }, { a: 'undefined' }, { a: [] }, { a: 0 }, { a: false }];
    expect(new Set(texts.map((context) => sees(context, read('value', 'a')))).size).toBe(texts.length);
  });

  it('sees only the presence of a field that was asked for with "in"', () => {
    expect(sees({ a: 1 }, read('has', 'a'))).toBe(sees({ a: 'other' }, read('has', 'a')));
    expect(sees({ a: 1 }, read('has', 'a'))).not.toBe(sees({}, read('has', 'a')));
  });

  it('sees field names and their number where they were listed, not their order', () => {
    expect(sees({ a: 1, b: 2 }, read('keys'))).toBe(sees({ b: 'x', a: 'y' }, read('keys')));
    expect(sees({ a: 1 }, read('keys'))).not.toBe(sees({ a: 1, b: 2 }, read('keys')));
    expect(sees({ a: [1, 2] }, read('keys', 'a'))).not.toBe(sees({ a: [1, 2, 3] }, read('keys', 'a')));
  });

  it('sees whether something is an object, a list, a leaf or nothing', () => {
    const contexts = [{ a: {} }, { a: [] }, { a: 1 }, {}];
    expect(new Set(contexts.map((context) => sees(context, read('shape', 'a')))).size).toBe(4);
  });

  it('takes inherited names for absent', () => {
    expect(sees({}, read('value', 'constructor'))).toBe(sees({ other: 1 }, read('value', 'constructor')));
    expect(sees({}, read('has', '__proto__'))).toContain('false');
  });

  it('does not mix up paths whose parts hold separators', () => {
    expect(sees({ 'a.b': 1 }, read('value', 'a.b'))).not.toBe(sees({ a: { b: 1 } }, read('value', 'a', 'b')));
  });
});

describe('toReadSet', () => {
  it('is the same for the same looks in another order', () => {
    const [a, b] = [read('value', 'a'), read('has', 'b')];
    expect(toReadSet([a, b, a])).toEqual(toReadSet([b, a]));
    expect(toReadSet([a, read('has', 'a')])).toHaveLength(2);
  });
});

describe('declaredFields', () => {
  it('never gives two lists of values one text', () => {
    expect(declaredFields({ a: 'x|y', b: 'z' }, ['a', 'b'])).not.toBe(declaredFields({ a: 'x', b: 'y|z' }, ['a', 'b']));
    expect(declaredFields({ a: '","' }, ['a', 'b'])).not.toBe(declaredFields({ a: '', b: '' }, ['a', 'b']));
    expect(declaredFields({}, ['a'])).not.toBe(declaredFields({ a: null }, ['a']));
  });

  it('does not depend on the order of fields inside a value', () => {
    expect(declaredFields({ a: { x: 1, y: 2 } }, ['a'])).toBe(declaredFields({ a: { y: 2, x: 1 } }, ['a']));
  });
});
