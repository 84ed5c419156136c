import { randomInt } from 'node:crypto';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export const NOBODY = 65_534;

/** Numbers that no account, container or service of systemd's is given. */
const STRANGERS = { from: 1_900_000_000, to: 2_000_000_000 };

const READ = 0o4;
const ENTER = 0o1;

/** Only root may give a child another user, and in a container often not even root. */
export const mayChooseUser = (): boolean => process.getuid?.() === 0 && maySetUser(read('/proc/self/status'));

/** Two bits of a process's effective capabilities, SETGID and SETUID. Where nobody says, root has them. */
export const maySetUser = (status: string): boolean => {
  const [, capabilities = 'ff'] = /^CapEff:\s*[0-9a-f]*([0-9a-f]{2})$/m.exec(status) ?? [];
  return (Number.parseInt(capabilities, 16) & 0xc0) === 0xc0;
};

/**
 * A user that nobody else is. Processes of one user may read, change and end one another, and `nobody` is many a service's user. Where this
 * namespace has no such numbers, `nobody` has to do.
 */
export const stranger = (): number =>
  ['uid', 'gid'].every((kind) => isMapped(read(`/proc/self/${kind}_map`)))
    ? randomInt(STRANGERS.from, STRANGERS.to)
    : NOBODY;

/** Lines of the kernel's: first number here, first number outside, how many. */
export const isMapped = (map: string): boolean =>
  map.split('\n').some((line) => {
    const [first = 0, , count = 0] = line.trim().split(/\s+/).map(Number);
    return first <= STRANGERS.from && first + count >= STRANGERS.to;
  });

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** What keeps other users from reading these files and folders: the first path on the way that is not open to everybody. */
export function closedToOthers(paths: readonly string[]): string | undefined {
  for (const path of paths.map((one) => realpathSync(one))) {
    if (!isOpen(path, READ)) return path;
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      if (!isOpen(folder, ENTER)) return folder;
      if (folder === dirname(folder)) break;
    }
  }
}

const isOpen = (path: string, way: number): boolean => (statSync(path).mode & way) !== 0;
