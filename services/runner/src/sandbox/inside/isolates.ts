import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunLimits } from '@fingerpost/contracts';
import type { SandboxRun } from '../protocol.ts';
import { Globals } from './globals.ts';
import { HeapBudget } from './heap-budget.ts';
import { Home } from './home.ts';
import { type Isolate, ivm, type Script } from './ivm.ts';
import { ReadyRooms } from './ready-rooms.ts';
import type { Kit, Room } from './room.ts';

const MOST_READY = 6;
const MOST_COMPILED = 500;
const MEMORY_MB = 64;
/** In stacks; `readStack` of the platform puts the author's own files in its place. */
const BUNDLE_FILE = 'fingerpost:bundle';

// Slices handed to V8 must own their memory: a file's Buffer may be part of a pool.
const snapshotOf = (kit: Kit) =>
  new ivm.ExternalCopy(Uint8Array.from(readFileSync(join(import.meta.dirname, `${kit}.snapshot`))).buffer);
const SNAPSHOTS: Record<Kit, ReturnType<typeof snapshotOf>> = { bare: snapshotOf('bare'), web: snapshotOf('web') };

const WEB_API = new RegExp(`\\b(?:${WEB_NAMES.join('|')})\\b`);

/** Where runs live. */
export class Isolates {
  private readonly kits = new Map<string, Kit>();
  private readonly ready: ReadyRooms;
  private readonly homes = new Map<string, Home>();
  /** homes that are just being made: many who come at once want one, not one each */
  private readonly coming = new Map<string, Promise<Room | undefined>>();
  private readonly compiled = new Map<string, Buffer>();
  private readonly budget: HeapBudget;
  private readonly mostHomes: number;

  /** @param heapMb for all isolates together; a third of it for those that wait, and as much again for runs that want one of their own */
  constructor(heapMb: number) {
    const places = Math.floor(heapMb / MEMORY_MB);
    this.budget = new HeapBudget(heapMb);
    const mostReady = Math.min(MOST_READY, Math.ceil(places / 3));
    this.mostHomes = Math.max(1, places - 2 * mostReady);
    this.ready = new ReadyRooms(mostReady, (kit) => this.makeReady(kit));
  }

  /** Where a run may live, by its policy. @returns nothing when no place became free in time */
  async take({ digest, isolation, limits }: SandboxRun, secrets: string, code: string): Promise<Room | undefined> {
    const kit = this.kitOf(digest, code);
    const until = performance.now() + limits.wallMs; // whoever waits twice has no more time than others
    if (isolation === 'fresh') return this.takeFresh(digest, limits, kit, until);
    const isWarm = isolation === 'warm';
    const key = `${isolation} ${digest}`;
    await this.coming.get(key);
    const home = this.homes.get(key);
    const fits = home?.isUsable === true && (!isWarm || home.secrets === secrets);
    if (fits && home.hasRoom) {
      this.settle(key, home); // used last, goes last
      return { isolate: home.isolate, globals: await home.enter(), home };
    }
    const coming = this.takeFresh(digest, limits, kit, until);
    if (fits) return coming;
    home?.close();
    this.coming.set(key, coming);
    const room = await coming.finally(() => this.coming.delete(key));
    return room && { ...room, home: this.settle(key, new Home(room.isolate, isWarm, secrets, limits.memoryMb)) };
  }

  /** A new isolate for one run; `owner`: for whose code. @returns nothing when no place became free in time */
  async takeFresh(
    owner: string,
    { memoryMb, wallMs }: RunLimits,
    kit: Kit,
    until = performance.now() + wallMs,
  ): Promise<Room | undefined> {
    const mayTakeReady = memoryMb === MEMORY_MB && this.budget.isFair(owner, memoryMb);
    const ready = await (mayTakeReady ? this.ready.take(kit) : undefined);
    if (ready === undefined) return this.makeRoom(owner, memoryMb, kit, until - performance.now());
    this.budget.give(ready.isolate, owner);
    return ready;
  }

  kitOf(digest: string | undefined, code: string): Kit {
    const kit = this.kits.get(digest ?? '') ?? (WEB_API.test(code) ? 'web' : 'bare');
    if (digest !== undefined) keep(this.kits, digest, kit);
    return kit;
  }

  leave(room: Room, isAnswered: boolean): void {
    if (room.home !== undefined) room.home.leave(room.globals, isAnswered);
    else if (!room.isolate.isDisposed) room.isolate.dispose();
    const { next } = this.budget;
    if (next !== undefined) this.makeSpace(next.owner, next.mb); // the home that was just left, perhaps
    this.budget.letIn();
    this.ready.refillLater();
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
    keep(this.compiled, digest, Buffer.from(cachedData.copy()));
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

  private async makeRoom(owner: string, memoryMb: number, kit: Kit, waitMs: number): Promise<Room | undefined> {
    this.makeSpace(owner, memoryMb);
    if (!this.budget.has(memoryMb)) this.ready.giveUpOther(kit).then(() => this.budget.letIn());
    const isolate = await this.budget.make(owner, memoryMb, () => makeIsolate(memoryMb, kit), waitMs);
    return isolate && makeRoom(isolate);
  }

  /** What is only kept for later makes room for what is there now. */
  private makeSpace(owner: string, memoryMb: number): void {
    for (const [key, home] of this.homes) {
      if (this.budget.has(memoryMb) && this.budget.isFair(owner, memoryMb)) return;
      if (home.isIdle) this.closeHome(key);
    }
  }

  private makeReady(kit: Kit): Promise<Room> | undefined {
    if (!this.budget.has(MEMORY_MB) || this.budget.next !== undefined) return undefined;
    return makeRoom(this.budget.makeAhead(MEMORY_MB, () => makeIsolate(MEMORY_MB, kit)));
  }
}

const makeRoom = async (isolate: Isolate): Promise<Room> => ({ isolate, globals: await Globals.make(isolate) });

const makeIsolate = (memoryMb: number, kit: Kit): Isolate =>
  new ivm.Isolate({
    memoryLimit: memoryMb,
    snapshot: SNAPSHOTS[kit],
    // V8 has lost this isolate and with it the process: the runner starts another.
    onCatastrophicError: () => process.kill(process.pid, 'SIGKILL'),
  });

function keep<T>(kept: Map<string, T>, digest: string, value: T): void {
  if (kept.size >= MOST_COMPILED) kept.delete(kept.keys().next().value!);
  kept.set(digest, value);
}
