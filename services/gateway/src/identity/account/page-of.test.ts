import { pageOf } from './page-of.ts';

const people = Array.from({ length: 120 }, (_, n) => ({
  name: `Person ${n + 1}`,
  group: n % 2 ? 'engineers' : 'Platform',
}));
const look = (query: Record<string, unknown>) => pageOf(people, query, ({ name, group }) => [name, group, undefined]);

describe('a page of a long list', () => {
  it('is the first one, unless another is asked for', () => {
    expect(look({})).toMatchObject({ total: 120, page: 1, pages: 3 });
    expect(look({}).rows).toHaveLength(50);
    expect(look({ page: '3' }).rows.map(({ name }) => name)).toEqual(people.slice(100).map(({ name }) => name));
  });

  it('is the last one where the list has become shorter', () => {
    expect(look({ page: '9' })).toMatchObject({ page: 3, pages: 3 });
    expect(look({ page: '9', search: 'nobody' })).toEqual({ rows: [], total: 0, page: 1, pages: 1 });
  });

  it('is as long as is wanted, up to 200', () => {
    expect(look({ limit: '7' })).toMatchObject({ pages: 18 });
    expect(look({ limit: '5000' }).rows).toHaveLength(120);
  });

  it('has whoever has all words somewhere, however they are written', () => {
    expect(look({ search: 'PLATFORM person  11' }).rows.map(({ name }) => name)).toEqual([
      ...['Person 11', 'Person 111', 'Person 113', 'Person 115', 'Person 117', 'Person 119'],
    ]);
    expect(look({ search: '.*' }).total).toBe(0);
  });

  it.each([
    [{ page: '0' }, 'page'],
    [{ page: '1.5' }, 'page'],
    [{ limit: '-1' }, 'limit'],
    [{ search: ['a', 'b'] }, 'search'],
    [{ search: 'x'.repeat(201) }, 'search'],
  ])('is not found by %j', (query, path) => {
    expect(() => look(query)).toThrow(
      expect.objectContaining({ code: 'request.invalid', detail: { errors: [expect.objectContaining({ path })] } }),
    );
  });
});
