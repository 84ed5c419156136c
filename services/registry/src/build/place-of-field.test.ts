import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from './bundle/bundle.ts';
import { placeOfField } from './place-of-field.ts';

describe('the place of a field of metadata', () => {
  let root: string;
  beforeAll(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'place-')));
  });
  afterAll(() => rm(root, { recursive: true }));

  async function placeIn(source: string, field: string, name = 'a.integration.js') {
    await writeFile(join(root, name), source);
    const { code, sourceMap } = await bundle(root, join(root, name));
    const { line, column } = placeOfField(field, code, sourceMap) ?? {};
    return [line, column];
  }

  const FILE = `// metadata: { cahce: 1 }
module.exports = {
  metadata: {
    name: 'a-name',
    match: { contextType: 'github', context: { 'page.repository': { startWith: 'acme/' } } },
    cahce: 300,
    hosts: ['a.dev', 'https://b.dev'],
  },
  run: (context) => ({ name: context.name, metadata: { x: 1 } }),
};`;

  it.each([
    ['name', 4, 5],
    ['match.contextType', 5, 14],
    ['cahce', 6, 5],
    ['hosts[1]', 7, 5],
    ['priority', 3, 3], // not there
  ])('%s', async (field, line, column) => expect(await placeIn(FILE, field)).toEqual([line, column]));

  it('is found in modules, and in metadata that stands by itself', async () => {
    const source = `const metadata = {\n  name: 'x',\n};\nexport default { metadata, run: () => [] };`;
    expect(await placeIn(source, 'name', 'b.integration.ts')).toEqual([2, 3]);
    expect(await placeIn(`export const metadata = {\n  name: 'x',\n};\nexport const run = () => [];`, 'name')).toEqual([
      2, 3,
    ]);
  });

  it('is nowhere where no metadata is to be seen', async () => {
    expect(await placeIn('module.exports = make()', 'name')).toEqual([undefined, undefined]);
  });
});
