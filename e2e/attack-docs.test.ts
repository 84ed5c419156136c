import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(import.meta.dirname, '../docs/security');

/** A row of an attack table: what was tried, and the tests that try it, as links: `[what the test says](its file)`. */
interface Row {
  attack: string;
  asvs: string[];
  tests: { name: string; file: string }[];
}

const rows = readFileSync(join(DOCS, 'sign-in.md'), 'utf8')
  .split('\n')
  .map((line) => line.split(' | '))
  .filter(({ length, 0: first }) => length === 4 && first !== '| attack')
  .map(
    ([attack, , asvs, tests]): Row => ({
      attack: attack!.slice(2),
      asvs: asvs!.split(/, | to /),
      tests: [...tests!.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, name, file]) => ({ name: name!, file: file! })),
    }),
  );

// What a test is called is the first text of `it(...)`, `describe(...)` or, behind a table of cases, `])(...)`.
const NAMES = /(?:\bit|\bdescribe|\))(?:\.each)?\(\s*(['"`])(.*?)\1,/g;

const namesIn = (file: string): string[] =>
  [...readFileSync(join(DOCS, file), 'utf8').matchAll(NAMES)].map(([, , name]) => name!);

describe('the attack tables of docs/security/sign-in.md', () => {
  it('are there', () => {
    expect(rows.length).toBeGreaterThanOrEqual(40);
  });

  it.each(rows)('name a test and a number of ASVS 5.0 for: $attack', ({ asvs, tests }) => {
    for (const number of asvs) expect(number).toMatch(/^\d+\.\d+\.\d+$/);
    expect(tests).not.toEqual([]);
    for (const { name, file } of tests) expect(namesIn(file)).toContainEqual(expect.stringContaining(name));
  });
});
