import { type MatchRule, type PageContext, readPath } from '@fingerpost/contracts';
import { type Matchable, MatchIndex } from './match-index.ts';

const item = (
  name: string,
  context: Record<string, MatchRule> = {},
  more: Partial<Matchable> & { contextType?: string } = {},
): Matchable => ({
  name,
  match: { contextType: more.contextType ?? 'github', context },
  priority: more.priority ?? 100,
  groups: more.groups ?? [],
});
const pattern = ({ source, flags }: RegExp): MatchRule => ({ pattern: { source, flags } });
const page = (fields: Record<string, unknown> = {}, type = 'github') =>
  ({ type, url: 'https://github.com/acme/webshop', ...fields }) as PageContext;
const names = (items: Matchable[], context: PageContext, groups: string[] = []) =>
  new MatchIndex(items).find(context, groups).map(({ name }) => name);

/** What the rules mean, said as plainly as can be. */
function naive(items: Matchable[], context: PageContext): string[] {
  const holds = (rule: MatchRule, value: unknown) => {
    if ('exists' in rule) return rule.exists === (value !== undefined);
    if ('equals' in rule) return value === rule.equals;
    if ('in' in rule) return rule.in.some((option) => option === value);
    if (typeof value !== 'string') return false;
    if ('startsWith' in rule) return value.startsWith(rule.startsWith);
    if ('endsWith' in rule) return value.endsWith(rule.endsWith);
    return new RegExp(rule.pattern.source, rule.pattern.flags.replace(/[gy]/g, '')).test(value);
  };
  return items
    .filter(({ match }) => match.contextType === '*' || match.contextType === context.type)
    .filter(({ match }) =>
      Object.entries(match.context).every(([path, rule]) => holds(rule, readPath(context, path.split('.')))),
    )
    .sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1))
    .map(({ name }) => name);
}

/** The same numbers in every run (mulberry32). */
function dice(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number) => Math.floor(next() * count);
  return { below, pick: <T>(options: readonly T[]): T => options[below(options.length)]! };
}

describe('the match index', () => {
  it('agrees with a plain walk over random rules', () => {
    const { below, pick } = dice(20_261_122);
    const words = ['acme', 'webshop', 'payments', 'api', 'docs', '__proto__', 'constructor', 'é', 'K'];
    const text = () => Array.from({ length: 1 + below(3) }, () => pick(words)).join(pick(['/', '-', '.']));
    const value = () => pick<unknown>([text(), text(), text(), below(3), true, null]) as string;
    const paths = ['url', 'page.repository', 'page.name', 'constructor', 'page.__proto__', 'toString', 'page.deep.er'];
    const regexps = [
      /^acme/,
      /shop$/,
      /(pay|web)/i,
      /a.*s/,
      /^(acme|docs)[/.-]/,
      /ACME/i,
      /\bapi\b/,
      /[aé]+/,
      /(?=acme)/,
      /(.)\1/,
      /^$/,
      /o{2,}|c+m/g,
      /\s/,
      /^acme.webshop$/y,
      /k/iu,
      /x?api/,
      /^(?:acme|)\/?/,
    ];
    const rule = (): MatchRule =>
      pick<() => MatchRule>([
        () => ({ exists: pick([true, false]) }),
        () => ({ equals: value() }),
        () => ({ in: Array.from({ length: 1 + below(4) }, value) }),
        () => ({ startsWith: text() }),
        () => ({ endsWith: text() }),
        () => pattern(pick(regexps)),
      ])();
    const rules = () => Object.fromEntries(Array.from({ length: below(3) }, () => [pick(paths), rule()]));
    const items = Array.from({ length: 3_000 }, (_, n) =>
      item(`i${n}`, rules(), { priority: 1 + below(5), contextType: pick(['github', 'aws', '*']) }),
    );
    const index = new MatchIndex(items);

    let found = 0;
    for (let n = 0; n < 300; n++) {
      const fields = JSON.parse(
        `{"page":{"repository":${JSON.stringify(value())},"name":${JSON.stringify(value())},"__proto__":${JSON.stringify(value())}},"constructor":${JSON.stringify(value())}}`,
      );
      const context = page(n % 3 === 0 ? {} : fields, pick(['github', 'aws', 'other', '*']));
      const result = index.find(context, []).map(({ name }) => name);
      const expected = naive(items, context);
      // Where RE2 has no words for a pattern the index may say yes; it never says no.
      const beyondRe2 = (name: string) =>
        /\(\?=|\\1|\biu\b/.test(JSON.stringify(items[Number(name.slice(1))]!.match)) ||
        /[^\x20-\x7e]/.test(JSON.stringify(context));
      expect(expected.filter((name) => !result.includes(name))).toEqual([]);
      expect(result.filter((name) => !expected.includes(name) && !beyondRe2(name))).toEqual([]);
      expect(result.filter((name) => expected.includes(name))).toEqual(expected);
      found += expected.length;
    }
    expect(found).toBeGreaterThan(10_000);
  });

  it('tells pages apart by nothing but what it says it reads', () => {
    const { below, pick } = dice(7);
    const value = () => pick<unknown>(['acme/a', 'acme/b', 'x', 1, true, null, undefined]) as string;
    const rule = () =>
      pick<MatchRule>([
        { exists: true },
        { exists: false },
        { equals: 'acme/a' },
        { in: ['x', 1] },
        { startsWith: 'acme' },
        pattern(/b$/),
      ]);
    const paths = ['page.repository', 'page.name', 'url'];
    for (let round = 0; round < 200; round++) {
      const items = Array.from({ length: below(4) }, (_, n) =>
        item(`i${n}`, { [pick(paths)]: rule() }, { contextType: pick(['github', '*']) }),
      );
      const index = new MatchIndex(items);
      const seen = new Map<string, string>();
      for (let n = 0; n < 30; n++) {
        const context = page({ page: { repository: value(), name: value() } }, pick(['github', 'aws']));
        const look = index.reads(context.type)!.map(({ how, path }) => {
          const field = readPath(context, path);
          return [path, how === 'has' ? field !== undefined : field === undefined ? [] : [field]];
        });
        const found = JSON.stringify(index.find(context, []).map(({ name }) => name));
        expect(seen.get(JSON.stringify(look)) ?? found).toBe(found);
        seen.set(JSON.stringify(look), found);
      }
    }
  });

  it('says nothing where there is too much to compare', () => {
    const items = Array.from({ length: 60 }, (_, n) => item(`i${n}`, { [`page.f${n}`]: { exists: true } }));
    expect(new MatchIndex(items).reads('github')).toBeUndefined();
    expect(new MatchIndex(items).reads('aws')).toEqual([{ how: 'value', path: ['type'] }]);
  });

  it('sorts by priority, then by name', () => {
    const items = [
      item('bbbb'),
      item('aaaa'),
      item('last', {}, { priority: 1 }),
      item('first', {}, { priority: 1000 }),
    ];
    expect(names(items, page())).toEqual(['first', 'aaaa', 'bbbb', 'last']);
  });

  it('finds by site, and those for every site', () => {
    const items = [item('github'), item('aws', {}, { contextType: 'aws' }), item('every', {}, { contextType: '*' })];
    expect(names(items, page({}, 'aws'))).toEqual(['aws', 'every']);
    expect(names(items, page({}, '*'))).toEqual(['every']);
  });

  it('shows what is for a group to that group alone', () => {
    const items = [item('open'), item('closed', {}, { groups: ['platform', 'sre'] })];
    expect(names(items, page(), ['sales'])).toEqual(['open']);
    expect(names(items, page(), ['sre'])).toEqual(['closed', 'open']);
  });

  it('tells 1 from "1"', () => {
    const items = [item('number', { n: { equals: 1 } }), item('text', { n: { equals: '1' } })];
    expect(names(items, page({ n: 1 }))).toEqual(['number']);
    expect(names(items, page({ n: '1' }))).toEqual(['text']);
  });

  it('does not take what every object inherits for a field', () => {
    const items = [
      item('constructor', { constructor: { exists: true } }),
      item('proto', JSON.parse('{"__proto__":{"exists":true}}')),
    ];
    expect(names(items, page())).toEqual([]);
    expect(names(items, JSON.parse('{"type":"github","url":"https://a.dev","__proto__":1,"constructor":2}'))).toEqual([
      'constructor',
      'proto',
    ]);
  });

  it('gives the same answer to the same page however often, /g and /y or not', () => {
    const index = new MatchIndex([
      item('global', { url: pattern(/acme/g) }),
      item('sticky', { url: pattern(/^https/y) }),
    ]);
    for (let times = 0; times < 4; times++) expect(index.find(page(), [])).toHaveLength(2);
  });

  it.each([/(a+)+$/, /^(a|a)*$/, /(.*a){20}$/, /^(([a-z])+.)+[A-Z]([a-z])+$/, /(x+x+)+y/])(
    'is not stalled by %s',
    (regexp) => {
      const index = new MatchIndex([item('slow', { title: pattern(regexp) })]);
      const startedAt = performance.now();
      index.find(page({ title: `${'a'.repeat(8_000)}!` }), []);
      // The backtracking engine would need longer than the universe has; any bound will do.
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    },
  );

  it('looks at the first 8 kB of a text', () => {
    const index = new MatchIndex([item('far', { title: pattern(/needle/) })]);
    expect(index.find(page({ title: `needle${' '.repeat(9_000)}` }), [])).toHaveLength(1);
    expect(index.find(page({ title: `${' '.repeat(9_000)}needle` }), [])).toHaveLength(0);
  });

  it('leaves to the sandbox what RE2 cannot say, but only for pages with the text that the pattern needs', () => {
    const index = new MatchIndex([
      item('ahead', { url: pattern(/^https:\/\/github\.com\/(?!evil)/) }),
      item('back', { url: pattern(/(\w)\1\/payments/) }),
    ]);
    expect(index.find(page(), []).map(({ name }) => name)).toEqual(['ahead']);
  });
});
