import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Tries, from within, what the walls must prevent. Names what succeeded: each a missing wall.
 * Runs before any author's code does.
 */
export async function findMissingWalls(): Promise<string[]> {
  const missing: string[] = [];
  for (const [wall, breakIt] of Object.entries(attempts)) {
    try {
      await breakIt();
      missing.push(wall);
    } catch {
      // the wall stands
    }
  }
  return missing;
}

const attempts: Record<string, () => unknown> = {
  'reading files': () => readFileSync('/etc/passwd'),
  'reading its own memory map': () => readFileSync('/proc/self/maps'),
  'writing files': () => writeFileSync(join(import.meta.dirname, 'written'), ''),
  'starting programs': () => {
    const { error } = spawnSync('/bin/true');
    if (error !== undefined) throw error;
  },
  'starting threads': () => new Worker('', { eval: true }),
  'opening sockets': () =>
    new Promise((resolve, reject) => {
      // A refused connection was a socket all the same; only "access denied" is a wall.
      connect(9, '127.0.0.1')
        .on('connect', resolve)
        .on('error', (error: NodeJS.ErrnoException) =>
          error.code === 'ERR_ACCESS_DENIED' ? reject(error) : resolve(error),
        );
    }),
  'seeing the environment': () => {
    if (Object.keys(process.env).length === 0) throw new Error('empty');
  },
};
