import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, realpathSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../../../packages/platform/src/testing/free-port.ts';

export interface Postgres {
  port: number;
  /** as its administrator: the first column of the rows, one a line */
  query(sql: string): string;
  stop(): Promise<void>;
}

/** A real Postgres on loopback, whose administrator is `boss` with the password `boss`. It refuses to run as root. */
export async function startPostgres(program: string): Promise<Postgres> {
  const bin = dirname(realpathSync(program));
  const folder = await mkdtemp(join(tmpdir(), 'fingerpost-pg-'));
  const user = process.getuid?.() === 0 ? ownerFor(folder) : {};
  const options = { ...user, env: { PATH: process.env.PATH, PGPASSWORD: 'boss' }, cwd: folder };
  const data = join(folder, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'boss', '--auth=trust', '-N'], { ...options, stdio: 'ignore' });
  const port = await freePort();
  const child = spawn(join(bin, 'postgres'), ['-D', data, '-p', `${port}`, '-k', folder, '-h', '127.0.0.1'], {
    ...{ ...options, stdio: 'ignore' },
  });
  const query = (sql: string) =>
    execFileSync(join(bin, 'psql'), ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'boss', '-Atc', sql, 'postgres'], {
      ...{ ...options, stdio: ['ignore', 'pipe', 'ignore'] },
    })
      .toString()
      .trim();
  while (!answers(query)) await wait(50);
  return {
    port,
    query,
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGINT');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function ownerFor(folder: string): { uid: number; gid: number } {
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'])));
  chownSync(folder, uid!, gid!);
  return { uid: uid!, gid: gid! };
}

function answers(query: (sql: string) => string): boolean {
  try {
    return query('select 1') === '1';
  } catch {
    return false;
  }
}
