import { once } from 'node:events';
import { linkSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const NAME = 'in-use';
const LONGEST_PATH = 100;
const SETTLED_MS = 100;

/**
 * One process at a time: a socket that its holder listens on, so that one whose holder was killed is told from one in use, and in
 * containers that share the folder, too. Not over a network: two machines would not see each other.
 * @returns how to let go of it
 * @throws Error that names who has it
 */
export async function lockFolder(folder: string): Promise<() => void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [path, own] = [join(folder, NAME), join(folder, `${NAME}-${process.pid}`)];
  if (own.length > LONGEST_PATH) throw new Error(`${folder} is too long a path; name one of 80 characters at most`);
  rmSync(own, { force: true });
  const server = createServer((socket) => socket.end(String(process.pid)).on('error', () => {}));
  await once(server.listen(own).unref(), 'listening');
  // Named only once it answers: a name that does not answer is one that was left behind. Two who clear it away together may both have
  // named themselves: the later one has it, and the earlier sees that soon after.
  let wasLeft = false;
  while (!isLinked(own, path) || (wasLeft && !(await isStillOurs(own, path)))) {
    const holder = await holderOf(path);
    if (holder === undefined) {
      wasLeft = true;
      rmSync(path, { force: true });
      continue;
    }
    server.close();
    rmSync(own, { force: true });
    throw new Error(`${folder} is in use by process ${holder}; stop it, or name another folder`);
  }
  return () => {
    rmSync(path, { force: true });
    rmSync(own, { force: true });
    server.close();
  };
}

function isLinked(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isStillOurs(own: string, path: string): Promise<boolean> {
  await sleep(SETTLED_MS);
  return statSync(own).ino === statSync(path, { throwIfNoEntry: false })?.ino;
}

function holderOf(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const socket = connect(path)
      .on('data', (bytes) => (said += bytes))
      .on('end', () => resolve(said || 'unknown'))
      .on('error', () => resolve(undefined));
    socket.setTimeout(2_000, () => resolve('unknown')); // stopped, or very busy: there all the same
  });
}
