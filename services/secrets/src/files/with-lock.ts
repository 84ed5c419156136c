import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 5_000;

/**
 * Does `work` while nobody else holds the lock beside `path`. Two people adding a secret at once lose neither.
 * A lock whose holder has died is taken over.
 */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  await take(lock);
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await tryToTake(lock))) {
    if (await isAbandoned(lock)) await clearAway(lock);
    else if (Date.now() > giveUpAt)
      throw new Error(`${lock} is held by another process. If none is running, remove ${lock}* and try again.`);
    else await sleep(25);
  }
}

// Of several who see that the holder has died only one may remove the lock, and only while that is still so: else the next holder's would go.
async function clearAway(lock: string): Promise<void> {
  const clearing = `${lock}.clearing`;
  if (!(await tryToTake(clearing))) return sleep(25);
  try {
    if (await isAbandoned(lock)) await rm(lock, { force: true });
  } finally {
    await rm(clearing, { force: true });
  }
}

async function tryToTake(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx', 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function isAbandoned(lock: string): Promise<boolean> {
  const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
  if (!(holder > 0)) return false; // just being written, or just gone
  try {
    process.kill(holder, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
