import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@fingerpost/platform';
import { descendantsOf } from '@fingerpost/platform/testing';
import { until } from '../testing/until.ts';
import { Builder } from './builder.ts';

const log = createLog('test', { level: 'silent', format: 'json' });

describe('the build process', () => {
  let root: string;
  let builder: Builder;

  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'builder-')));
    builder = new Builder('process', log);
    await writeFile(join(root, 'a.integration.js'), 'module.exports = 1');
  });
  afterEach(async () => {
    builder.close();
    await rm(root, { recursive: true, force: true });
  });

  const build = (file = 'a.integration.js') => builder.bundle(root, join(root, file));

  it('makes a bundle, and tells where one cannot be made', async () => {
    expect((await build()).includes).toEqual(['a.integration.js']);
    await writeFile(join(root, 'b.integration.js'), 'x = {{');
    await expect(build('b.integration.js')).rejects.toMatchObject({
      code: 'build.failed',
      detail: { file: 'b.integration.js', line: 1, column: 6 },
    });
  });

  it('is started again when it ends, and what it was asked is done', async () => {
    await build();
    const asked = [build(), build(), build()];
    for (const pid of descendantsOf(process.pid)) killIfThere(pid);
    await expect(Promise.all(asked)).resolves.toHaveLength(3);
  });

  it('is not ended twice for others by a file that ends it', async () => {
    await writeFile(join(root, 'deep.integration.js'), `module.exports = ${'!'.repeat(1_900_000)}1`);
    const [deep, ...others] = await Promise.allSettled([build('deep.integration.js'), build(), build()]);
    expect(deep).toMatchObject({
      reason: { code: 'build.failed', message: expect.stringMatching(/ends the process|memory/) },
    });
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect((await build()).includes).toEqual(['a.integration.js']);
  }, 30_000);

  it('is ended when it takes too much memory, and the author told; others are built', async () => {
    builder.close();
    builder = new Builder('process', log, 600);
    await writeFile(join(root, 'a.data.yml'), `[${'[],'.repeat(600_000)}]`);
    const [bomb, ...others] = await Promise.allSettled([
      builder.data(root, join(root, 'a.data.yml')),
      build(),
      build(),
    ]);
    expect(bomb).toMatchObject({
      reason: { code: 'build.failed', message: expect.stringContaining('more than 600 MB of memory') },
    });
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
  }, 30_000);

  it('makes JSON of data files, and says which field of YAML comes twice', async () => {
    await writeFile(join(root, 'a.data.yml'), 'a: 1\nb:\n  c: 2\n  c: 3\n');
    await expect(builder.data(root, join(root, 'a.data.yml'))).rejects.toMatchObject({
      detail: { line: 4, column: 3 },
    });
    await writeFile(join(root, 'b.data.yml'), 'a: [1\nb: 2');
    const fault = await builder.data(root, join(root, 'b.data.yml')).catch((error) => error);
    expect(fault).toMatchObject({ detail: { line: 2 }, message: expect.not.stringContaining('line') });
    const many = Array.from({ length: 100_000 }, (_, n) => `k${n}: 1\n`).join('');
    await writeFile(join(root, 'many.data.yml'), many);
    expect(JSON.parse((await builder.data(root, join(root, 'many.data.yml'))).text).k99999).toBe(1);
  });

  it('counts the values of a data file, and refuses one that is nested too deep', async () => {
    await writeFile(join(root, 'a.data.json'), `[${'[],'.repeat(300_000)}1]`);
    expect(await builder.data(root, join(root, 'a.data.json'))).toMatchObject({ values: 300_002 });
    await writeFile(join(root, 'a.data.json'), '['.repeat(100_000) + ']'.repeat(100_000));
    await expect(builder.data(root, join(root, 'a.data.json'))).rejects.toThrow('nested too deep');
  });

  it('sees a folder that was replaced', async () => {
    await build();
    await rm(root, { recursive: true });
    await mkdir(root);
    await writeFile(join(root, 'c.integration.js'), 'module.exports = 2');
    expect((await build('c.integration.js')).includes).toEqual(['c.integration.js']);
  });

  it('leaves nothing behind', async () => {
    await build();
    builder.close();
    await until(() => descendantsOf(process.pid).length === 0);
  });
});

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended with its parent
  }
}
