import { execFileSync } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Attack, type Family, hostile, slug, source, withFiles } from './attack.ts';

const REFUSED = /^refused /;
/** A file that says it all by itself. */
const raw = (name: string, text: string, ends: RegExp = REFUSED): Attack => ({
  name,
  files: { [`${slug(name)}.integration.js`]: text },
  ends,
});
const imports = (name: string, what: string): Attack =>
  raw(name, source(slug(name), `return say(JSON.stringify(${what}));`));
const prepared = (
  name: string,
  prepare: (folder: string, outside: string, file: string) => Promise<unknown>,
): Attack => ({
  name,
  files: {},
  prepare: (folder, outside) => prepare(folder, outside, join(folder, `${slug(name)}.integration.js`)),
  ends: REFUSED,
});
const data = (name: string, extension: string, text: string): Attack => ({
  name,
  files: { [`${slug(name)}.data.${extension}`]: text },
  ends: REFUSED,
});
const many = (n: number, make: (n: number) => string) => Array.from({ length: n }, (_, index) => make(index)).join('');

export const build: Family = {
  name: 'on the build',
  attacks: [
    imports('imports a file outside', `require('OUTSIDE/keys.json')`),
    imports('imports an absolute path', `require('/etc/hostname')`),
    imports('imports by the address of a file', `require('file:///etc/hostname')`),
    imports('imports by a pattern', `require('OUTSIDE/' + context.page.repository + '.json')`),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the author's template
    imports('imports text by a pattern', 'require(`OUTSIDE/${context.page.repository}.txt`)'),
    {
      ...imports(
        'imports what may not be there by a pattern',
        `require('../../../../../../../../etc/' + context.page.repository + '.json')`,
      ),
      ends: /^(refused|fails run\.failed)/,
    },
    imports('imports a package that nobody chose', `require('undici')`),
    imports('imports out of a package', `require('lodash/../../../keys.json')`),
    imports('imports what the bundler calls its entry', `require('entry of the integration') && require('./nothing')`),
    raw(
      'names a source map outside',
      `${source('names-a-source-map-outside', `return say('built');`)}\n//# sourceMappingURL=OUTSIDE/pipe.map`,
      /^says built$/,
    ),
    raw(
      'names a source map by its address',
      `${source('names-a-source-map-by-its-address', `throw new Error('where');`)}\n//# sourceMappingURL=file:///dev/zero`,
      /^fails run\.failed/,
    ),
    raw(
      'brings a source map that lies',
      `${source('brings-a-source-map-that-lies', `throw new Error('where');`)}\n//# sourceMappingURL=data:application/json,{"version":3,"sources":["../../../../etc/passwd"],"sourcesContent":["x"],"names":[],"mappings":"AAAA;AAAA;AAAA;AAAA;AAAA"}`,
      /^fails run\.failed/,
    ),
    raw('is nested until the bundler breaks', `module.exports = ${'!'.repeat(1_900_000)}1`),
    raw('is larger than a bundle may be', `module.exports = ${JSON.stringify('x'.repeat(2_100_000))}`),
    raw(
      'grows when it is built',
      `${many(40, () => `require('./grows.json');`)} module.exports = [${many(2, () => `require('./grows.json'), `)}]`,
    ),
    prepared('is a link to a file outside', (_folder, outside, file) => symlink(join(outside, 'keys.json'), file)),
    prepared('is a link to itself', (_folder, _outside, file) => symlink(file, file)),
    prepared('is a pipe', async (_folder, _outside, file) => execFileSync('mkfifo', [file])),
    prepared('says that it has a hundred gigabytes', async (_folder, _outside, file) => {
      await writeFile(file, '');
      await truncate(file, 100_000_000_000);
    }),
    {
      ...imports('imports through a linked folder', `require('./linked/keys.json')`),
      prepare: (folder, outside) => symlink(outside, join(folder, 'linked')),
    },
    {
      ...imports('imports through a package of its own', `require('./own')`),
      prepare: async (folder) => {
        await mkdir(join(folder, 'own'));
        await writeFile(
          join(folder, 'own/package.json'),
          '{"main":"../OUTSIDE/keys.json","browser":{"./index.js":"/etc/hostname"}}',
        );
      },
    },
    raw('loops while it is loaded', 'for (;;) {}'),
    raw('loops while it is loaded where nothing interrupts', '[].indexOf.call({ length: 2 ** 53 - 1 }, 1)'),
    raw('loops while it is loaded, once more', '[].includes.call({ length: 2 ** 53 - 2 }, 1)'),
    raw('throws what never ends while it is loaded', 'throw { get message() { for (;;); } }'),
    raw(
      'calls and remembers while it is loaded',
      `fetch('https://evil.dev/'); cache.set('k', 1); ${source('calls-and-remembers-while-it-is-loaded', `return say('ran');`)}`,
      /^(says ran|fails run\.failed|refused)/,
    ),
    raw('describes itself in getters without end', 'module.exports = { get metadata() { for (;;); }, run() {} }'),
    raw(
      'describes itself by a proxy',
      `module.exports = { metadata: new Proxy({}, { ownKeys: () => { for (;;); } }), run() {} }`,
    ),
    raw(
      'describes itself differently each time',
      `let n = 0; module.exports = { get metadata() { return { name: 'name-' + n++, match: { contextType: 'github', context: { 'page.repository': { equals: 'attack/describes-itself-differently-each-time' } } }, cache: 0 }; }, run: () => [{ type: 'text', content: 'ran' }] }`,
      /^(says ran|refused)/,
    ),
    raw(
      'takes the name of its neighbour',
      `module.exports = { metadata: { name: 'good-one', priority: 1000, match: { contextType: 'github' } }, run: () => [{ type: 'text', content: 'stolen' }] }`,
    ),
    raw(
      'has a pattern that never ends',
      `module.exports = { metadata: { name: 'has-a-pattern', cache: 0, match: { contextType: 'github', context: { 'page.repository': { pattern: /^(a+)+(?=x)$/ } } } }, run: () => [] }`,
      /^(says|refused)/,
    ),
    raw(
      'has a pattern of a million states',
      `module.exports = { metadata: { name: 'million-states', cache: 0, match: { contextType: 'github', context: { 'page.repository': { pattern: /^((((a{1,99}){1,99}){1,99}){1,99}){1,99}$/ } } } }, run: () => [] }`,
      /^(says|refused)/,
    ),
    data(
      'has data of aliases of aliases',
      'yml',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((one, n) => `${one}: &${one} [${Array(9).fill(`*${'abcdefghi'[n]}`).join()}]\n`).join('')}`,
    ),
    withFiles(hostile('has data that merges and merges', `return say(dataFiles.length > 1);`, /^says true$/), {
      'merges.data.yml': `a: &a\n${many(4_000, (n) => `  k${n}: 1\n`)}b:\n  <<: [${Array(4_000).fill('*a').join()}]\n`,
    }),
    data('has data of a million nothings', 'json', `[${'[],'.repeat(400_000)}1]`),
    data('has data that is nested deep', 'yml', '['.repeat(500_000)),
    data('has data with a field twice among many', 'yml', `${many(100_000, (n) => `k${n}: 1\n`)}k7: 2\n`),
    {
      ...raw('has a name with a line in it', ''),
      files: { 'a name with\na line "and %s \u001b[2J.integration.js': 'module.exports = 1' },
    },
    hostile('has a name of three hundred letters', `return say('x')`, REFUSED, `name: '${'n'.repeat(300)}'`),
  ],
};
