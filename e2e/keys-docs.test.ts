import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROTATIONS, WITH_A_GAP } from './rotations/rotations.ts';

const ROOT = join(import.meta.dirname, '..');

/** Lines of a table, without its head. */
type Table = { head: string; rows: string[][] };

const tables = readFileSync(join(ROOT, 'docs/operations/keys.md'), 'utf8')
  .split('\n\n')
  .filter((block) => block.startsWith('| '))
  .map((block): Table => {
    const [head, , ...rows] = block.trim().split('\n');
    return { head: head!, rows: rows.map((row) => row.slice(2, -2).split(' | ')) };
  });

const keys = tables.filter(({ head }) => head.endsWith('| tested |')).flatMap(({ rows }) => rows);
const seen = tables.find(({ head }) => head.startsWith('| what | asked'))!.rows.map(([what]) => what);
const names = ROTATIONS.map(([what]) => what);

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!);

describe('docs/operations/keys.md', () => {
  it.each(keys.map((cells) => ({ key: cells[0]!, tested: cells.at(-1)! })))(
    'names what shows it, or why nothing does: $key',
    ({ tested }) => {
      if (tested.startsWith('no: ')) return;
      const rotations = all(tested, /\*([^*]+)\*/g);
      const files = all(tested, /`([\w./-]+\.ts)`/g);
      expect([...rotations, ...files]).not.toEqual([]);
      for (const name of rotations) expect([...names, WITH_A_GAP]).toContain(name);
      for (const file of files) expect(existsSync(join(ROOT, file)) ? file : `no ${file}`).toBe(file);
    },
  );

  it('tells what was seen of each rotation, and each of them belongs to a key', () => {
    expect(seen).toEqual(names);
    const claimed = keys.flatMap((cells) => all(cells.at(-1)!, /\*([^*]+)\*/g));
    expect(names.filter((name) => name !== 'nothing' && !claimed.includes(name))).toEqual([]);
  });
});
