import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedToOthers } from './another-user.ts';

describe('what another user may read', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-open-'));
    await mkdir(join(folder, 'in'), { mode: 0o755 });
    file = join(folder, 'in/program.mjs');
    await writeFile(file, '', { mode: 0o644 });
    await chmod(folder, 0o755);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is what is open all the way', () => {
    expect(closedToOthers([file, process.execPath])).toBeUndefined();
  });

  it('is not what lies in a folder of somebody’s own', async () => {
    await chmod(folder, 0o700);
    expect(closedToOthers([file])).toBe(folder);
  });

  it('is not what only its owner reads', async () => {
    await chmod(file, 0o600);
    expect(closedToOthers([process.execPath, file])).toBe(file);
  });
});
