import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OnLine } from './child.ts';
import { Engine } from './engine.ts';

/** A new Postgres with one superuser, `postgres`, who needs no password on loopback. @returns it and where its files are */
export async function startPostgres(
  bin: string,
  port: number,
  onLine: OnLine,
): Promise<{ engine: Engine; folder: string; url: string }> {
  // Not below folders that only their owner may enter: as root it runs as somebody else.
  const folder = mkdtempSync(join(tmpdir(), 'fingerpost-postgres-'));
  const as = asOther(folder);
  const data = join(folder, 'data');
  mkdirSync(folder, { recursive: true });
  const [initdb, ...args] = as(join(bin, 'initdb'), '-D', data, '-U', 'postgres', '--auth=trust', '--no-sync');
  execFileSync(initdb, args, { cwd: '/', stdio: 'ignore' });
  const command = as(join(bin, 'postgres'), '-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', folder);
  return {
    engine: await Engine.start('postgres', port, command, onLine),
    folder,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
  };
}

/** Postgres refuses to run as root. */
function asOther(folder: string): (...command: [string, ...string[]]) => [string, ...string[]] {
  if (process.getuid?.() !== 0) return (...command) => command;
  const id = Number(execFileSync('id', ['-u', 'postgres'], { encoding: 'utf8' }));
  const group = Number(execFileSync('id', ['-g', 'postgres'], { encoding: 'utf8' }));
  chownSync(folder, id, group);
  return (...command) => ['setpriv', `--reuid=${id}`, `--regid=${group}`, '--clear-groups', ...command];
}
