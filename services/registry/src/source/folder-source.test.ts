import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLog } from '@fingerpost/platform';
import { until } from '../testing/until.ts';
import { FolderSource } from './folder-source.ts';
import type { SourceChange } from './source.ts';

describe('the folder source', () => {
  let outside: string;
  let folder: string;
  let source: FolderSource;
  let newest: Map<string, SourceChange>;
  let batches: SourceChange[][];

  beforeEach(async () => {
    outside = await realpath(await mkdtemp(join(tmpdir(), 'source-')));
    folder = join(outside, 'integrations');
    await mkdir(folder);
    source = new FolderSource(folder, createLog('test', { level: 'silent', format: 'json' }));
    newest = new Map();
    batches = [];
  });
  afterEach(async () => {
    await source.close();
    await rm(outside, { recursive: true });
  });

  const write = async (file: string, text = '1') => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  const start = async () => {
    source.start(({ changes }) => {
      batches.push(changes);
      for (const change of changes) newest.set(change.file, change);
    });
    await until(() => batches.length > 0);
  };
  const seen = (file: string, state: SourceChange['state']) => until(() => newest.get(file)?.state === state);

  it('refuses a pipe, which would be read for ever', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.data.json')]);
    await start();
    expect(newest.get('pipe.data.json')).toMatchObject({ state: 'refused', fault: { message: 'is no ordinary file' } });
  });

  it('begins with all that is there, each with its kind', async () => {
    for (const file of ['a.integration.js', 'deep/er/b.integration.ts', 'c.integration.mjs', 'd.integration.cjs'])
      await write(file);
    for (const file of ['x.data.yml', 'y.data.yaml', 'deep/z.data.json', 'lib/maths.js', 'a.integration.json'])
      await write(file);
    await start();
    expect(batches[0]!.map(({ kind, file }) => `${kind} ${file}`).sort()).toEqual([
      'data deep/z.data.json',
      'data x.data.yml',
      'data y.data.yaml',
      'integration a.integration.js',
      'integration c.integration.mjs',
      'integration d.integration.cjs',
      'integration deep/er/b.integration.ts',
      'module a.integration.json',
      'module lib/maths.js',
    ]);
  });

  it('says so of an empty folder too', async () => {
    await start();
    expect(batches).toEqual([[]]);
  });

  it('overlooks node_modules and dotfiles', async () => {
    for (const file of [
      'node_modules/x/a.integration.js',
      '.git/b.integration.js',
      '.c.integration.js',
      'd.integration.js',
    ])
      await write(file);
    await start();
    expect([...newest.keys()]).toEqual(['d.integration.js']);
  });

  it('hears of new, changed, renamed and removed files', async () => {
    await start();
    await write('sub/a.integration.js');
    await seen('sub/a.integration.js', 'there');
    const count = batches.length;
    await write('sub/a.integration.js', '2');
    await until(() => batches.length > count);
    await rename(join(folder, 'sub/a.integration.js'), join(folder, 'b.integration.js'));
    await seen('sub/a.integration.js', 'gone');
    await seen('b.integration.js', 'there');
    await rm(join(folder, 'b.integration.js'));
    await seen('b.integration.js', 'gone');
  });

  it('hears of what was in a removed folder', async () => {
    await write('sub/a.integration.js');
    await start();
    await rm(join(folder, 'sub'), { recursive: true });
    await seen('sub/a.integration.js', 'gone');
  });

  it('refuses links that lead out, takes those that stay inside', async () => {
    await writeFile(join(outside, 'secret.integration.js'), '1');
    await mkdir(join(outside, 'more'));
    await writeFile(join(outside, 'more/x.integration.js'), '1');
    await write('real.integration.js');
    await symlink(join(outside, 'secret.integration.js'), join(folder, 'out.integration.js'));
    await symlink(join(outside, 'more'), join(folder, 'more'));
    await symlink(join(folder, 'real.integration.js'), join(folder, 'in.integration.js'));
    await start();
    expect(newest.get('out.integration.js')).toMatchObject({
      state: 'refused',
      fault: { message: expect.stringContaining('leads out of') },
    });
    expect(newest.get('in.integration.js')).toMatchObject({
      state: 'there',
      path: join(folder, 'real.integration.js'),
    });
    expect(newest.has('more/x.integration.js')).toBe(false);
  });

  it('waits for a folder that is not there, and again when it goes', async () => {
    await rm(folder, { recursive: true });
    source.start(({ changes }) => {
      batches.push(changes);
      for (const change of changes) newest.set(change.file, change);
    });
    await write('a.integration.js');
    await seen('a.integration.js', 'there');
    await rm(folder, { recursive: true });
    await seen('a.integration.js', 'gone');
    await write('a.integration.js');
    await seen('a.integration.js', 'there');
  });
});
