import { CONTEXT_LIMITS, checkContext, readPath } from './context.ts';
import type { Fault } from './error-codes.ts';

const page = { type: 'github', url: 'https://github.com/acme/webshop' };

const errorsOf = (value: unknown): { path: string; message: string }[] => {
  try {
    checkContext(value);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ name: 'Fault', code: 'request.invalid' });
    return (error as Fault).detail!.errors as { path: string; message: string }[];
  }
};

const pathsOf = (value: unknown) => errorsOf(value).map(({ path }) => path);

/** `{ a: { a: ... } }`, so many levels of objects in all */
const nested = (levels: number): unknown => (levels === 0 ? 'leaf' : { a: nested(levels - 1) });

describe('a context', () => {
  it('is given back as it came, unknown fields included', () => {
    const context = { ...page, page: { name: 'pull-request', number: 7 }, tags: ['a', null, true] };
    expect(checkContext(context)).toBe(context);
  });

  it.each([null, undefined, 'github', 7, [], [page]])('is no %j', (value) => {
    expect(pathsOf(value)).toEqual(['']);
  });

  it('is told every fault at once', () => {
    expect(pathsOf({ type: 'Git Hub', url: 'nowhere', deep: nested(20) })).toEqual([
      'type',
      'url',
      expect.stringMatching(/^deep(\.a)+$/),
    ]);
  });

  it.each(['', 'GitHub', '1st', 'a b', 'a.b', '*', 'ü', 'a'.repeat(101), 7, null, undefined, ['github'], { a: 1 }])(
    'cannot have the type %j',
    (type) => {
      expect(pathsOf({ ...page, type })).toEqual(['type']);
    },
  );

  it.each(['a', 'github', 'aws-console_2', 'a'.repeat(100)])('may have the type %j', (type) => {
    expect(pathsOf({ ...page, type })).toEqual([]);
  });

  it.each([
    '',
    '/acme/webshop',
    'github.com',
    '//github.com',
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://a.b',
    'https://',
    `https://a.b/${'x'.repeat(CONTEXT_LIMITS.urlLength)}`,
    7,
    null,
    undefined,
    ['https://a.b'],
  ])('cannot have the url %j', (url) => {
    expect(pathsOf({ ...page, url })).toEqual(['url']);
  });

  it('may be as deep as the limit and no deeper', () => {
    const levelsBelow = CONTEXT_LIMITS.depth - 1;
    expect(pathsOf({ ...page, at: nested(levelsBelow) })).toEqual([]);
    expect(pathsOf({ ...page, at: nested(levelsBelow + 1) })).toHaveLength(1);
    expect(pathsOf({ ...page, at: [[[[[[[[[[[1]]]]]]]]]]] })).toHaveLength(1);
  });

  it('may be so deep that recursing to its bottom would end the process', () => {
    let value: unknown = 1;
    for (let level = 0; level < 200_000; level++) value = [value];
    expect(pathsOf({ ...page, value })).toHaveLength(1);
  });

  it('may name a field __proto__ without getting a prototype from it', () => {
    const context = checkContext(JSON.parse('{"type":"a","url":"https://a.b","__proto__":{"isAdmin":true}}'));
    expect((context as { isAdmin?: unknown }).isAdmin).toBeUndefined();
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
    expect(readPath(context, ['__proto__', 'isAdmin'])).toBe(true);
  });
});

describe('a path into a context', () => {
  const context = { page: { labels: ['bug', 'ui'], title: 'Hi', closed: null }, empty: '' };

  it.each<[string[], unknown]>([
    [[], context],
    [['page', 'title'], 'Hi'],
    [['page', 'labels', '1'], 'ui'],
    [['page', 'closed'], null],
    [['empty'], ''],
    [['page', 'labels', '2'], undefined],
    [['page', 'title', 'deeper'], undefined],
    [['page', 'closed', 'deeper'], undefined],
    [['nothing', 'deeper'], undefined],
  ])('%j leads to %j', (path, value) => {
    expect(readPath(context, path)).toEqual(value);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'never leads to what objects inherit: %s',
    (field) => {
      expect(readPath(context, [field])).toBeUndefined();
      expect(readPath(context, ['page', 'labels', field])).toBeUndefined();
      expect(readPath(context, ['page', 'title', field])).toBeUndefined();
    },
  );
});
