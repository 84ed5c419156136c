import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const OTHERS = 0o077;

/**
 * Reads a file that only we may read; `undefined` where there is none.
 * @throws when others could have read it: what they saw may have been copied, so this is for a person to judge
 */
export async function readPrivately(path: string): Promise<string | undefined> {
  const file = await open(path, 'r').catch(nothingThere);
  if (file === undefined) return undefined;
  try {
    // Asked of the open file, not of the name: nobody can swap it in between.
    const { mode } = await file.stat();
    if ((mode & OTHERS) !== 0)
      throw new Error(`${path} can be read by others on this machine. If that is harmless, run: chmod 600 ${path}`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Makes a folder that only we may enter. @throws when it is there and others may */
export async function makePrivateFolder(path: string): Promise<void> {
  if ((await mkdir(path, { recursive: true, mode: 0o700 })) !== undefined) return chmod(path, 0o700); // whatever the umask
  const { mode } = await stat(path);
  if ((mode & OTHERS) !== 0) throw new Error(`${path} is open to others on this machine. Run: chmod 700 ${path}`);
}

/** Whole or not at all, and never readable by others, not even for a moment. */
export async function writePrivately(path: string, text: string): Promise<void> {
  const draft = await writeDraft(path, text);
  await rename(draft, path);
  await syncFolder(path);
}

/** The same, but gives way to a file that is there already: of two first starts at once, one wins. @returns whether it was ours */
export async function createPrivately(path: string, text: string): Promise<boolean> {
  const draft = await writeDraft(path, text);
  try {
    await link(draft, path);
    await syncFolder(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDraft(path: string, text: string): Promise<string> {
  const draft = `${path}.${randomUUID()}.draft`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(text);
    await file.sync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  return draft;
}

// A rename that is not in the folder on disk yet would be lost with the power.
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}

function nothingThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
