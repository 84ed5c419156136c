import { realpath, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Log } from '@fingerpost/platform';
import { type FSWatcher, watch } from 'chokidar';
import { isInside } from './inside.ts';
import type { FileKind, Source, SourceBatch, SourceChange } from './source.ts';

const QUIET_MS = 100;
// A folder that is never quiet is looked at all the same.
const AT_MOST_MS = 500;
const MISSING_RETRY_MS = 500;

/** Watches one folder and all below it, apart from dotfiles; of `node_modules` only whether something was installed. */
export class FolderSource implements Source {
  private readonly changed = new Set<string>();
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;
  private changedSince = 0;
  private hasWarned = false;
  private isClosed = false;
  private flushing: Promise<void> = Promise.resolve();
  private onBatch: (batch: SourceBatch) => void = () => {};

  constructor(
    private readonly folder: string,
    private readonly log: Log,
  ) {}

  start(onBatch: (batch: SourceBatch) => void): void {
    this.onBatch = onBatch;
    void this.open();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.watcher?.close();
    await this.flushing;
  }

  private async open(): Promise<void> {
    const root = await folderAt(this.folder);
    if (this.isClosed) return;
    if (root === undefined) return this.waitForFolder();
    this.hasWarned = false;

    // Links are looked at, not followed: a link to a folder could lead anywhere.
    const watcher = watch(root, { followSymlinks: false, ignored: (path) => isIgnored(relative(root, path)) });
    this.watcher = watcher;
    let isReady = false;
    watcher.on('all', (event, path) => {
      if (event === 'addDir') return;
      if (event === 'unlinkDir')
        return path === root ? this.log.warn(`The integrations folder ${root} is gone; waiting for it.`) : undefined;
      this.changed.add(path);
      if (isReady) this.flushSoon(root);
    });
    watcher.on('ready', () => {
      isReady = true;
      this.flush(root);
    });
    watcher.on('error', (error) => this.log.warn({ err: error }, `could not watch all of ${root}`));
  }

  private waitForFolder(): void {
    if (!this.hasWarned) {
      this.log.warn(
        `The integrations folder ${resolve(this.folder)} is not there, or is no folder; waiting for it. Make it, or set FINGERPOST_INTEGRATIONS.`,
      );
      this.onBatch({ root: this.folder, changes: [], isMissing: true });
    }
    this.hasWarned = true;
    this.timer = setTimeout(() => void this.open(), MISSING_RETRY_MS);
    this.timer.unref();
  }

  private flushSoon(root: string): void {
    if (this.changedSince === 0) this.changedSince = Date.now();
    const left = this.changedSince + AT_MOST_MS - Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(root), Math.max(0, Math.min(QUIET_MS, left)));
  }

  // One after another: a batch that overtook another would bring back an older state.
  private flush(root: string): void {
    this.changedSince = 0;
    const paths = [...this.changed].sort();
    this.changed.clear();
    this.flushing = this.flushing.then(async () => {
      const changes = await Promise.all(paths.map((path) => lookAt(root, path)));
      if (!this.isClosed) this.onBatch({ root, changes });
    });
  }
}

/** Its real path, if it is a folder. */
async function folderAt(path: string): Promise<string | undefined> {
  const root = await realpath(path).catch(() => undefined);
  return root !== undefined && (await stat(root)).isDirectory() ? root : undefined;
}

async function lookAt(root: string, path: string): Promise<SourceChange> {
  const file = relative(root, path).split(sep).join('/');
  const kind = kindOf(file);
  try {
    const real = await realpath(path);
    const refused = (message: string) => ({ state: 'refused', kind, file, fault: { file, message } }) as const;
    if (!isInside(root, real)) return refused('is a link that leads out of the integrations folder');
    // Reading a pipe waits for whoever writes into it, on one of the few threads that read all files.
    if (!(await stat(real)).isFile()) return refused('is no ordinary file');
    return { state: 'there', kind, file, path: real };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { state: 'gone', kind, file };
    return { state: 'refused', kind, file, fault: { file, message: `cannot be read (${code})` } };
  }
}

export function kindOf(file: string): FileKind {
  if (/\.integration\.(js|cjs|mjs|ts)$/.test(file)) return 'integration';
  return /\.data\.(json|yml|yaml)$/.test(file) ? 'data' : 'module';
}

/** npm writes it as the last thing of every installation. */
export const INSTALLED_PACKAGES = 'node_modules/.package-lock.json';

function isIgnored(path: string): boolean {
  if (path === 'node_modules' || path.split(sep).join('/') === INSTALLED_PACKAGES) return false;
  return path.split(sep).some((part) => part === 'node_modules' || part.startsWith('.'));
}
