/** A real Postgres for `*.servers.ts` suites. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { findServer, isProgram, type RealServer } from './servers.ts';

// Debian keeps it off PATH: several versions may live beside each other.
const DEBIAN = '/usr/lib/postgresql';

/** The folder of its programs; where there is none, the closing summary names it. */
export function findPostgres(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folder = versions
    .map((version) => join(DEBIAN, version, 'bin'))
    .find((bin) => isProgram(join(bin, 'postgres')));
  return folder ?? findServer('postgres')?.replace(/\/postgres$/, '');
}

export interface RealPostgres extends Pick<RealServer, 'port' | 'stop'> {
  /** of a superuser; another user by `urlFor` */
  url: string;
  urlFor(user: string, database?: string): string;
  /** runs SQL as the superuser */
  run(sql: string): string;
  /** ends it as a crash would, and starts it on what it had */
  restart(how?: 'fast' | 'immediate', whileDown?: () => Promise<unknown>): Promise<void>;
}

/** It refuses to be root's: then it is the user `nobody`'s. */
export async function startPostgres(bin: string): Promise<RealPostgres> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'fingerpost-postgres-'));
  const [uid, gid] = process.getuid?.() === 0 ? [65_534, 65_534] : [undefined, undefined];
  if (uid !== undefined) chownSync(folder, uid, gid!);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  const program = (name: string, args: string[]) =>
    execFileSync(join(bin, name), args, {
      uid,
      gid,
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
      stdio: 'pipe',
    });
  program('initdb', ['-D', data, '-U', 'owner', '-A', 'trust', '-E', 'UTF8', '--no-sync']);

  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=16MB`;
  const start = () => {
    // Its output goes to the file: whoever inherits our pipes keeps them open.
    spawnSync(join(bin, 'pg_ctl'), ['-D', data, '-l', join(folder, 'log'), '-o', options, '-w', 'start'], { uid, gid });
    if (!existsSync(join(data, 'postmaster.pid'))) throw new Error(readFileSync(join(folder, 'log'), 'utf8'));
  };
  const stop = (how: string) => spawnSync(join(bin, 'pg_ctl'), ['-D', data, '-m', how, '-w', 'stop'], { uid, gid });
  start();

  const urlFor = (user: string, database = 'postgres') => `postgres://${user}@127.0.0.1:${port}/${database}`;
  return {
    port,
    urlFor,
    url: urlFor('owner'),
    run: (sql) =>
      program('psql', ['-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1', '-c', sql, urlFor('owner')]).toString(),
    restart: async (how = 'fast', whileDown = () => sleep(0)) => {
      stop(how);
      await whileDown();
      start();
    },
    stop: async () => {
      stop('immediate');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
