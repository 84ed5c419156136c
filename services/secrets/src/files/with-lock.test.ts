import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withLock } from './with-lock.ts';

describe('a lock', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-lock-'));
    path = join(folder, 'secrets');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** The most that were ever inside at once. */
  async function crowd(visitors: number): Promise<number> {
    let inside = 0;
    let most = 0;
    const visit = () =>
      withLock(path, async () => {
        most = Math.max(most, ++inside);
        await sleep(2);
        inside--;
      });
    await Promise.all(Array.from({ length: visitors }, visit));
    return most;
  }

  it('lets in one at a time and leaves nothing behind', async () => {
    expect(await crowd(20)).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a holder that has died is taken over by one of many', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await writeFile(`${path}.lock`, String(pid));
    expect(await crowd(20)).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });
});
