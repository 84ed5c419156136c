import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '@fingerpost/platform';
import { descendantsOf } from '../../testing/descendants-of.ts';
import { until } from '../../testing/until.ts';
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
