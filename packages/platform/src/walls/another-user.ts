import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

export const NOBODY = 65_534;

const READ = 0o4;
const ENTER = 0o1;

/** Only root may give a child another user. */
export const mayChooseUser = (): boolean => process.getuid?.() === 0;

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
