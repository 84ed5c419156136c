import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Tries, from within, what the walls must prevent. Names what succeeded: each a missing wall.
 * Runs before any author's code does.
 */
export const findMissingWalls = (): Promise<string[]> => succeeded(attempts);

/** The same where Node's own permission model is not in the way: only the walls of the system stand there. */
export const findMissingOuterWalls = (): Promise<string[]> => succeeded(nativeAttempts);

async function succeeded(tried: Record<string, () => unknown>): Promise<string[]> {
  const missing: string[] = [];
  for (const [wall, breakIt] of Object.entries(tried)) {
    try {
      await breakIt();
      missing.push(wall);
    } catch {
      // the wall stands
    }
  }
  return missing;
}

/** No socket, or no way for it to go. A refused connection was a way all the same. */
const NO_WAY = ['ERR_ACCESS_DENIED', 'EPERM', 'EACCES', 'ENETUNREACH', 'EAFNOSUPPORT'];

const outer: Record<string, () => unknown> = {
  'reading files': () => readFileSync('/etc/passwd'),
  'reading its own memory map': () => readFileSync('/proc/self/maps'),
  'writing files': () => writeFileSync(join(import.meta.dirname, 'written'), ''),
  'starting programs': () => {
    const { error } = spawnSync(process.execPath, ['--version']);
    if (error !== undefined) throw error;
  },
  'opening sockets': () =>
    new Promise((resolve, reject) => {
      connect(9, '127.0.0.1')
        .on('connect', resolve)
        .on('error', (error: NodeJS.ErrnoException) =>
          NO_WAY.includes(String(error.code)) ? reject(error) : resolve(error),
        );
    }),
  'seeing the environment': () => {
    // bubblewrap says where it stands
    if (Object.keys(process.env).every((name) => name === 'PWD')) throw new Error('empty');
  },
};

const attempts: Record<string, () => unknown> = {
  ...outer,
  'starting threads': () => new Worker('', { eval: true }),
  'making machine code': () => {
    if (!('WebAssembly' in globalThis)) throw new Error('there is none');
  },
};

const nativeAttempts: Record<string, () => unknown> = {
  ...outer,
  'seeing its parent': () => {
    if (process.ppid === 0) throw new Error('it is in another world');
    process.kill(process.ppid, 0);
  },
  'being root': () => {
    if (process.getuid?.() !== 0) throw new Error('it is not');
  },
};
