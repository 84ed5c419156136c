import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Globals } from './globals.ts';
import { type Isolate, ivm, type Script } from './ivm.ts';

/** One isolate with its next global ready. */
export interface Room {
  isolate: Isolate;
  globals: Globals;
}

/** An isolate that serves one digest, again and again, with a new global for every run. */
interface Home {
  isolate: Isolate;
  next: Promise<Globals> | undefined;
  runs: number;
  inUse: number;
}

const READY = 6;
const MOST_HOMES = 48;
const MOST_RUNS_PER_HOME = 2_000;
const MOST_AT_ONCE_PER_HOME = 8;
const MOST_SCRIPTS = 500;
const MEMORY_MB = 64;

// Slices handed to V8 must own their memory: a file's Buffer may be part of a pool.
const snapshotBytes = Uint8Array.from(readFileSync(join(import.meta.dirname, 'guest.snapshot'))).buffer;
const snapshot = new ivm.ExternalCopy(snapshotBytes);

/** Isolates are made ahead of need: waking one takes longer than most runs. */
export class Isolates {
  private readonly ready: Promise<Room>[] = [];
  private readonly homes = new Map<string, Home>();
  private readonly compiled = new Map<string, Buffer>();
  private refilling = false;

  constructor() {
    this.refill();
  }

  /** A new isolate for one run. */
  async takeFresh(memoryMb: number): Promise<Room> {
    if (memoryMb !== MEMORY_MB) return makeRoom(memoryMb);
    const room = this.ready.shift() ?? makeRoom(MEMORY_MB);
    this.refill();
    return room;
  }

  /** A new global in the isolate of that digest. */
  async takeClean(digest: string, memoryMb: number): Promise<Room> {
    const home = this.homes.get(digest);
    if (home === undefined || home.isolate.isDisposed || home.inUse >= MOST_AT_ONCE_PER_HOME) {
      const room = await this.takeFresh(memoryMb);
      if (home === undefined || home.isolate.isDisposed) this.settleIn(digest, room.isolate);
      return room;
    }
    home.inUse++;
    const next = home.next ?? Globals.make(home.isolate);
    home.next = undefined;
    return { isolate: home.isolate, globals: await next };
  }

  /** Gives a room back after its run: its global ends here, and with `fresh` its isolate. */
  leave(room: Room, digest: string | undefined): void {
    const home = digest === undefined ? undefined : this.homes.get(digest);
    if (home?.isolate !== room.isolate) return dispose(room.isolate);
    home.inUse--;
    home.runs++;
    if (room.isolate.isDisposed || home.runs >= MOST_RUNS_PER_HOME) return this.leaveHome(digest!, home);
    room.globals.release();
    this.homes.delete(digest!); // to the end: least recently used first
    this.homes.set(digest!, home);
    if (home.next === undefined) {
      home.next = Globals.make(room.isolate);
      home.next.catch(() => {});
    }
  }

  /** Compiles once for this process; later isolates start from V8's cache, which never leaves the process. */
  async compile(isolate: Isolate, digest: string | undefined, code: string, file: string): Promise<Script> {
    // What loading throws is kept for the guest to tell: it is the author's object and not for the host to touch.
    const source = `try {\n${code}\n} catch (error) { globalThis.__loadError = { error }; }`;
    const where = { filename: file, lineOffset: -1 };
    if (digest === undefined) return isolate.compileScript(source, where);
    const cachedData = this.compiled.get(digest);
    if (cachedData !== undefined)
      return isolate.compileScript(source, {
        ...where,
        cachedData: new ivm.ExternalCopy(toArrayBuffer(cachedData)) as never,
      });
    const script = await isolate.compileScript(source, { ...where, produceCachedData: true });
    const produced = (script as Script & { cachedData?: { copy(): ArrayBuffer } }).cachedData;
    if (produced !== undefined) this.remember(digest, Buffer.from(produced.copy()));
    return script;
  }

  private remember(digest: string, data: Buffer): void {
    if (this.compiled.size >= MOST_SCRIPTS) this.compiled.delete(this.compiled.keys().next().value!);
    this.compiled.set(digest, data);
  }

  private settleIn(digest: string, isolate: Isolate): void {
    this.homes.set(digest, { isolate, next: undefined, runs: 0, inUse: 1 });
    for (const [oldest, home] of this.homes) {
      if (this.homes.size <= MOST_HOMES) break;
      if (home.inUse === 0) this.leaveHome(oldest, home);
    }
  }

  private leaveHome(digest: string, home: Home): void {
    this.homes.delete(digest);
    if (home.inUse === 0) dispose(home.isolate);
  }

  // One at a time: making isolates keeps the main thread busy, and a run may be waiting for it.
  private refill(): void {
    if (this.refilling || this.ready.length >= READY) return;
    this.refilling = true;
    const room = makeRoom(MEMORY_MB);
    this.ready.push(room);
    room.then(
      () => setImmediate(() => this.onRefilled()),
      () => this.ready.splice(this.ready.indexOf(room), 1),
    );
  }

  private onRefilled(): void {
    this.refilling = false;
    this.refill();
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

function dispose(isolate: Isolate): void {
  if (!isolate.isDisposed) isolate.dispose();
}

const toArrayBuffer = (buffer: Buffer): ArrayBuffer => Uint8Array.from(buffer).buffer;
