import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRun } from '../protocol.ts';
import { Globals } from './globals.ts';
import { Home } from './home.ts';
import { type Isolate, ivm, type Script } from './ivm.ts';

/** An isolate, and in it a global that waits for its one run. */
export interface Room {
  isolate: Isolate;
  globals: Globals;
  /** absent: the isolate ends with the run */
  home?: Home;
}

const READY = 6;
const MOST_HOMES = 48;
const MOST_COMPILED = 500;
const MEMORY_MB = 64;
const REFILL_AFTER_MS = 20;
/** In stacks; `readStack` of the platform puts the author's own files in its place. */
const BUNDLE_FILE = 'fingerpost:bundle';

// Slices handed to V8 must own their memory: a file's Buffer may be part of a pool.
const snapshot = new ivm.ExternalCopy(
  Uint8Array.from(readFileSync(join(import.meta.dirname, 'guest.snapshot'))).buffer,
);

/** Isolates are made ahead of need: waking one takes longer than most runs. */
export class Isolates {
  private readonly ready: Promise<Room>[] = [];
  private readonly homes = new Map<string, Home>();
  private readonly compiled = new Map<string, Buffer>();
  private refilling: NodeJS.Timeout | undefined;

  constructor() {
    this.refill();
  }

  /** Where a run may live, by its policy. */
  async take({ digest, isolation, limits }: SandboxRun, secrets: string): Promise<Room> {
    if (isolation === 'fresh') return this.takeFresh(limits.memoryMb);
    const isWarm = isolation === 'warm';
    const key = `${isolation} ${digest}`;
    const home = this.homes.get(key);
    const fits = home?.isUsable === true && (!isWarm || home.secrets === secrets);
    if (fits && home.hasRoom) {
      this.settle(key, home); // used last, goes last
      return { isolate: home.isolate, globals: await home.enter(), home };
    }
    const room = await this.takeFresh(limits.memoryMb);
    if (fits) return room;
    home?.close();
    return { ...room, home: this.settle(key, new Home(room.isolate, isWarm, secrets, limits.memoryMb)) };
  }

  /** A new isolate for one run. */
  takeFresh(memoryMb: number): Promise<Room> {
    if (memoryMb !== MEMORY_MB) return makeRoom(memoryMb);
    const room = this.ready.shift() ?? makeRoom(MEMORY_MB);
    this.refillLater();
    return room;
  }

  leave(room: Room, isAnswered: boolean): void {
    if (room.home !== undefined) room.home.leave(room.globals, isAnswered);
    else if (!room.isolate.isDisposed) room.isolate.dispose();
  }

  /** Compiles once for each home and, through V8's cache, once for the process; the cache never leaves it. */
  async compile({ isolate, home }: Room, digest: string | undefined, code: string): Promise<Script> {
    if (home?.script !== undefined) return home.script;
    // What loading throws is kept for the guest to tell: it is the author's object and not for the host to touch.
    const source = `try {\n${code}\n} catch (error) { globalThis.__loadError = { error }; }`;
    const where = { filename: BUNDLE_FILE, lineOffset: -1 };
    const cachedData = digest === undefined ? undefined : this.compiled.get(digest);
    const script = await isolate.compileScript(
      source,
      cachedData === undefined
        ? { ...where, produceCachedData: digest !== undefined }
        : { ...where, cachedData: new ivm.ExternalCopy(Uint8Array.from(cachedData).buffer) as never },
    );
    if (home !== undefined) home.script = script;
    if (digest !== undefined && cachedData === undefined) this.remember(digest, script);
    return script;
  }

  private remember(digest: string, script: Script): void {
    const { cachedData } = script as Script & { cachedData?: { copy(): ArrayBuffer } };
    if (cachedData === undefined) return;
    if (this.compiled.size >= MOST_COMPILED) this.compiled.delete(this.compiled.keys().next().value!);
    this.compiled.set(digest, Buffer.from(cachedData.copy()));
  }

  // Least recently used goes first.
  private settle(key: string, home: Home): Home {
    this.homes.delete(key);
    this.homes.set(key, home);
    for (const [oldest, other] of this.homes) {
      if (this.homes.size <= MOST_HOMES) break;
      other.close();
      this.homes.delete(oldest);
    }
    return home;
  }

  // Making isolates keeps the main thread busy: the run that has just taken one goes first.
  private refillLater(): void {
    this.refilling ??= setTimeout(() => this.refill(), this.ready.length < 2 ? 0 : REFILL_AFTER_MS);
  }

  private refill(): void {
    this.refilling = undefined;
    if (this.ready.length >= READY) return;
    const room = makeRoom(MEMORY_MB);
    this.ready.push(room);
    room.then(
      () => setImmediate(() => this.refill()),
      () => this.forget(room),
    );
  }

  // A run may have taken it already.
  private forget(room: Promise<Room>): void {
    const place = this.ready.indexOf(room);
    if (place >= 0) this.ready.splice(place, 1);
  }
}

async function makeRoom(memoryMb: number): Promise<Room> {
  const isolate = new ivm.Isolate({
    memoryLimit: memoryMb,
    snapshot,
    // V8 has lost this isolate and with it the process: the runner starts another.
    onCatastrophicError: () => process.kill(process.pid, 'SIGKILL'),
  });
  return { isolate, globals: await Globals.make(isolate) };
}
