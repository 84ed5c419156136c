import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Change, Entry, IdentityStore, Shelf, WriteOptions } from './identity-store.ts';

interface Kept {
  record: unknown;
  owner?: string;
  /** ms; absent: for good */
  until?: number;
}

/** Shelf and id, as one text. */
type Place = string;

const QUIET_MS = 5_000;
const SWEEP_MS = 60_000;

/** For one gateway: all in memory, and in a file that only its owner can read, written anew at every change. */
export class EmbeddedStore implements IdentityStore {
  private readonly listeners = new Set<(change: Change) => void>();
  private readonly sweeping = setInterval(() => this.sweep(), SWEEP_MS).unref();
  private quietSave: NodeJS.Timeout | undefined;
  private saving: Promise<void> = Promise.resolve();
  private nextSave: Promise<void> | undefined;

  private constructor(
    private readonly kept: Map<Place, Kept>,
    private readonly file: string | undefined,
    private readonly now: () => number,
  ) {}

  /** @param file absent: it lasts as long as the process */
  static async open(file?: string, now: () => number = Date.now): Promise<EmbeddedStore> {
    const text = file === undefined ? undefined : await readIfThere(file);
    return new EmbeddedStore(text === undefined ? new Map() : parse(text, file!), file, now);
  }

  async read<T>(shelf: Shelf, id: string): Promise<T | undefined> {
    return structuredClone(this.at(placeOf(shelf, id))?.record) as T | undefined;
  }

  async write<T>(shelf: Shelf, id: string, record: T, options: WriteOptions = {}): Promise<void> {
    const { owner, keepMs, isQuiet } = options;
    const until = keepMs === undefined ? undefined : this.now() + keepMs;
    this.kept.set(placeOf(shelf, id), { record: structuredClone(record), owner, until });
    if (isQuiet === true) return this.saveSoon();
    this.tell({ shelf, id });
    await this.save();
  }

  async add<T>(shelf: Shelf, id: string, record: T, options?: WriteOptions): Promise<boolean> {
    if (this.at(placeOf(shelf, id)) !== undefined) return false;
    await this.write(shelf, id, record, options);
    return true;
  }

  async replace<T>(shelf: Shelf, id: string, record: T, options?: WriteOptions): Promise<boolean> {
    if (this.at(placeOf(shelf, id)) === undefined) return false;
    await this.write(shelf, id, record, options);
    return true;
  }

  async take<T>(shelf: Shelf, id: string): Promise<T | undefined> {
    const there = this.at(placeOf(shelf, id));
    this.kept.delete(placeOf(shelf, id));
    this.tell({ shelf, id });
    if (there !== undefined) await this.save();
    return there?.record as T | undefined;
  }

  async list<T>(shelf: Shelf, owner?: string): Promise<Entry<T>[]> {
    this.sweep();
    return [...this.kept]
      .map(([place, kept]) => ({ ...kept, at: JSON.parse(place) as [Shelf, string] }))
      .filter(({ at, ...kept }) => at[0] === shelf && (owner === undefined || kept.owner === owner))
      .map(({ at, record }) => ({ id: at[1], record: structuredClone(record) as T }));
  }

  watch(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    clearInterval(this.sweeping);
    clearTimeout(this.quietSave);
    await this.save();
  }

  private at(place: Place): Kept | undefined {
    const there = this.kept.get(place);
    return there === undefined || this.isOver(there) ? undefined : there;
  }

  private sweep(): void {
    for (const [place, kept] of this.kept) if (this.isOver(kept)) this.kept.delete(place);
  }

  private isOver({ until }: Kept): boolean {
    return until !== undefined && until <= this.now();
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }

  private saveSoon(): void {
    this.quietSave ??= setTimeout(() => void this.save().catch(() => {}), QUIET_MS).unref();
  }

  /** Resolves when what is here now is in the file; whoever comes while it is being written shares the next time. */
  private save(): Promise<void> {
    this.nextSave ??= this.saving
      .catch(() => {})
      .then(() => {
        this.nextSave = undefined;
        clearTimeout(this.quietSave);
        this.quietSave = undefined;
        this.saving = this.file === undefined ? Promise.resolve() : writePrivately(this.file, this.text());
        return this.saving;
      });
    return this.nextSave;
  }

  private text(): string {
    return `${JSON.stringify([...this.kept], null, 1)}\n`;
  }
}

// A list in JSON: whatever shelf and id hold, no two pairs give one text.
const placeOf = (shelf: Shelf, id: string): Place => JSON.stringify([shelf, id]);

function parse(text: string, file: string): Map<Place, Kept> {
  try {
    return new Map(JSON.parse(text) as [Place, Kept][]);
  } catch {
    throw new Error(
      `${file} cannot be read: it holds who is signed in. Restore it, or delete it and all sign in anew.`,
    );
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

// Written aside and renamed: whoever reads sees the old file or the new one, and never one that others may read.
async function writePrivately(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${randomUUID()}`;
  await writeFile(aside, text, { mode: 0o600, flag: 'wx' });
  await chmod(aside, 0o600);
  await rename(aside, file);
}
