import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunLimits } from '@fingerpost/contracts';
import type { SandboxRun } from '../protocol.ts';
import { Globals } from './globals.ts';
import { HeapBudget } from './heap-budget.ts';
import { Home } from './home.ts';
import { type Isolate, ivm, type Script } from './ivm.ts';

/** An isolate, and in it a global that waits for its one run. */
export interface Room {
  isolate: Isolate;
  globals: Globals;
  /** absent: the isolate ends with the run */
  home?: Home;
}

const MOST_READY = 6;
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
  private readonly budget: HeapBudget;
  private readonly mostReady: number;
  private readonly mostHomes: number;

  /** @param heapMb for all isolates together; a third of it for those that wait, and as much again for runs that want one of their own */
  constructor(heapMb: number) {
    const places = Math.floor(heapMb / MEMORY_MB);
    this.budget = new HeapBudget(heapMb);
    this.mostReady = Math.min(MOST_READY, Math.ceil(places / 3));
    this.mostHomes = Math.max(1, places - 2 * this.mostReady);
    this.refill();
  }

  /** Where a run may live, by its policy. @returns nothing when no place became free in time */
  async take({ digest, isolation, limits }: SandboxRun, secrets: string): Promise<Room | undefined> {
    if (isolation === 'fresh') return this.takeFresh(limits);
    const isWarm = isolation === 'warm';
    const key = `${isolation} ${digest}`;
    const home = this.homes.get(key);
    const fits = home?.isUsable === true && (!isWarm || home.secrets === secrets);
    if (fits && home.hasRoom) {
      this.settle(key, home); // used last, goes last
      return { isolate: home.isolate, globals: await home.enter(), home };
    }
    const room = await this.takeFresh(limits);
    if (fits || room === undefined) return room;
    home?.close();
    return { ...room, home: this.settle(key, new Home(room.isolate, isWarm, secrets, limits.memoryMb)) };
  }

  /** A new isolate for one run. @returns nothing when no place became free in time */
  takeFresh({ memoryMb, wallMs }: RunLimits): Promise<Room | undefined> {
    const ready = memoryMb === MEMORY_MB ? this.ready.shift() : undefined;
    if (ready !== undefined) this.refillLater();
    return ready ?? this.makeRoom(memoryMb, wallMs);
  }

  leave(room: Room, isAnswered: boolean): void {
    if (room.home !== undefined) room.home.leave(room.globals, isAnswered);
    else if (!room.isolate.isDisposed) room.isolate.dispose();
    this.budget.letIn();
    this.refillLater();
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
    while (this.homes.size > this.mostHomes) this.closeHome(this.homes.keys().next().value!);
    return home;
  }

  private closeHome(key: string): void {
    this.homes.get(key)!.close();
    this.homes.delete(key);
  }

  /** What is only kept for later makes room for what is there now. */
  private makeRoom(memoryMb: number, waitMs: number): Promise<Room | undefined> {
    for (const [key, home] of this.homes) {
      if (this.budget.has(memoryMb)) break;
      if (home.isIdle) this.closeHome(key);
    }
    return this.budget
      .make(memoryMb, () => makeIsolate(memoryMb), waitMs)
      .then((isolate) => isolate && makeRoom(isolate));
  }

  // Making isolates keeps the main thread busy: the run that has just taken one goes first.
  private refillLater(): void {
    this.refilling ??= setTimeout(() => this.refill(), this.ready.length < 2 ? 0 : REFILL_AFTER_MS);
  }

  private refill(): void {
    this.refilling = undefined;
    if (this.ready.length >= this.mostReady || !this.budget.has(MEMORY_MB) || this.budget.isWaitedFor) return;
    const room = this.makeRoom(MEMORY_MB, 0) as Promise<Room>; // there is a place
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

const makeRoom = async (isolate: Isolate): Promise<Room> => ({ isolate, globals: await Globals.make(isolate) });

const makeIsolate = (memoryMb: number): Isolate =>
  new ivm.Isolate({
    memoryLimit: memoryMb,
    snapshot,
    // V8 has lost this isolate and with it the process: the runner starts another.
    onCatastrophicError: () => process.kill(process.pid, 'SIGKILL'),
  });
