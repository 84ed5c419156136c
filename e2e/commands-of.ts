import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PAGES = join(import.meta.dirname, '../docs/operations');

/** What a page of docs/operations tells people to do under a heading, or under one below another: so that it stays true. */
export function commandsOf(page: string, ...headings: string[]): string {
  let section = readFileSync(join(PAGES, page), 'utf8');
  for (const heading of headings) {
    const [, below] = section.split(new RegExp(`^#+ ${heading}$`, 'm'));
    if (below === undefined) throw new Error(`${page} has no "${headings.join('", "')}".`);
    section = below;
  }
  const [own = ''] = section.split(/^#/m);
  return own
    .split('\n')
    .filter((line) => line.startsWith('    '))
    .join('\n');
}
