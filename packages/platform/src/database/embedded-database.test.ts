import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseContract } from './database.contract.ts';
import { openEmbedded } from './embedded-database.ts';
import { lockFolder } from './folder-lock.ts';

describe('the embedded database', () => {
  databaseContract(() => openEmbedded());
});

describe('a folder of a database', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'database-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps what was committed', async () => {
    const first = await openEmbedded(folder);
    await first.sql.execute('CREATE TABLE kept AS SELECT 1 AS n');
    await first.close();
    const second = await openEmbedded(folder);
    expect(await second.sql.execute('SELECT * FROM kept')).toMatchObject({ rows: [{ n: 1 }] });
    await second.close();
  });

  it('is refused to a second process, which is told who has it', async () => {
    const unlock = await lockFolder(folder);
    await expect(openEmbedded(folder)).rejects.toThrow(`is in use by process ${process.pid}`);
    unlock();
    (await lockFolder(folder))();
  });

  it('is free again when its holder was killed', async () => {
    const program = `import net from 'node:net'; net.createServer().listen(${JSON.stringify(join(folder, 'in-use'))}, () => console.log('has it'));`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    await expect(lockFolder(folder)).rejects.toThrow('is in use');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    (await lockFolder(folder))();
  });

  it('has a path that is not too long', async () => {
    await expect(lockFolder(join(folder, 'x'.repeat(100)))).rejects.toThrow('too long a path');
  });
});
