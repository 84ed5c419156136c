import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunLimits } from '@fingerpost/contracts';
import type { SandboxRun } from '../protocol.ts';
import { BoundedMap } from './bounded-map.ts';
import { Globals } from './globals.ts';
import { HeapBudget } from './heap-budget.ts';
import { Home } from './home.ts';
import { Homes } from './homes.ts';
import { type Isolate, ivm } from './ivm.ts';
import { ReadyRooms } from './ready-rooms.ts';
import { RecentUse } from './recent-use.ts';
import type { Kit, ReadyRoom, Room } from './room.ts';

const MOST_READY = 6;
const MOST_KITS = 500;
const MEMORY_MB = 64;
/** Then another runner is asked, which perhaps has room. */
const LONGEST_WAIT_MS = 1_000;

// Slices handed to V8 must own their memory: a file's Buffer may be part of a pool.
const snapshotOf = (kit: Kit) =>
  new ivm.ExternalCopy(Uint8Array.from(readFileSync(join(import.meta.dirname, `${kit}.snapshot`))).buffer);
const SNAPSHOTS: Record<Kit, ReturnType<typeof snapshotOf>> = { bare: snapshotOf('bare'), web: snapshotOf('web') };

const WEB_API = new RegExp(`\\b(?:${WEB_NAMES.join('|')})\\b`);

/** Where runs live. */
export class Isolates {
  private readonly kits = new BoundedMap<Kit>(MOST_KITS);
  private readonly ready: ReadyRooms;
  private readonly homes: Homes;
  private readonly use = new RecentUse();
  private readonly budget: HeapBudget;
  /** runs that are about to have an isolate of their own, or wait for one */
  private taking = 0;
  private readonly mostReady: number;

  /**
   * @param heapMb for all isolates together; a third of it for those that wait, and as much again for runs that want one of their own
   * @param onLost V8 has lost an isolate, and with it the process
   */
  constructor(
    private readonly heapMb: number,
    private readonly onLost: (isolate: Isolate) => void,
  ) {
    const places = Math.floor(heapMb / MEMORY_MB);
    this.budget = new HeapBudget(heapMb, this.use);
    this.mostReady = Math.min(MOST_READY, Math.ceil(places / 3));
    this.homes = new Homes(Math.max(1, places - 2 * this.mostReady), this.use);
    this.ready = new ReadyRooms(this.mostReady, (kit) => this.makeReady(kit));
  }

  /** Where a run may live, by its policy. @returns nothing when no place became free in time */
  async take({ digest, isolation, limits }: SandboxRun, secrets: string, code: string): Promise<Room | undefined> {
    const kit = this.kitOf(digest, code);
    const until = latest(limits); // whoever waits twice has no more time than others
    if (isolation === 'fresh') return this.takeFresh(digest, limits, kit, until);
    const isWarm = isolation === 'warm';
    for (let number = 1; number <= this.homes.mostOfOne; number++) {
      const key = `${isolation} ${digest} ${number}`;
      while (this.homes.isComing(key)) await this.homes.come(key);
      const home = this.homes.get(key);
      const fits = home?.isUsable === true && (!isWarm || home.secrets === secrets) && !this.isOwedToAnother(home);
      if (fits && (home.hasRoom || (await this.mayCrowd(home, kit)))) return this.enter(key, home);
      if (fits) continue; // it is full
      home?.close();
      const room = this.takeFresh(digest, limits, kit, until);
      return this.homes.open(key, room, ({ isolate }) => new Home(isolate, digest, isWarm, secrets, limits.memoryMb));
    }
    return this.takeFresh(digest, limits, kit, until);
  }

  /** A new isolate for one run; `owner`: for whose code. @returns nothing when no place became free in time */
  async takeFresh(owner: string, limits: RunLimits, kit: Kit, until = latest(limits)): Promise<Room | undefined> {
    this.taking++;
    try {
      return await this.takeReadyOrMake(owner, limits, kit, until);
    } finally {
      this.taking--;
    }
  }

  private async takeReadyOrMake(
    owner: string,
    { memoryMb }: RunLimits,
    kit: Kit,
    until: number,
  ): Promise<Room | undefined> {
    const mayTakeReady = memoryMb === MEMORY_MB && this.budget.isFair(owner, memoryMb);
    const ready = await (mayTakeReady ? this.ready.take(kit) : undefined);
    if (ready !== undefined) this.budget.give(ready.isolate, owner);
    const room = ready ?? (await this.makeFor(owner, memoryMb, kit, until - performance.now()));
    return room && { ...room, owner, takenAt: performance.now() };
  }

  kitOf(digest: string | undefined, code: string): Kit {
    const kit = this.kits.get(digest ?? '') ?? (WEB_API.test(code) ? 'web' : 'bare');
    if (digest !== undefined) this.kits.set(digest, kit);
    return kit;
  }

  leave(room: Room, isAnswered: boolean): void {
    const { isolate, globals, home, owner, takenAt } = room;
    this.use.add(owner, performance.now() - takenAt);
    home?.leave(globals, isAnswered);
    if (home === undefined && !isolate.isDisposed) isolate.dispose();
    if (home?.isIdle) this.budget.give(isolate, undefined);
    this.budget.reclaim();
    const { next } = this.budget;
    if (next !== undefined) this.makeSpace(next.owner, next.mb); // the home that was just left, perhaps
    this.ready.refillLater();
  }

  // A home that is never empty never ends: whoever has used far less and waits for heap would wait for ever.
  private isOwedToAnother({ owner }: Home): boolean {
    const { next } = this.budget;
    return next !== undefined && next.owner !== owner && this.use.isFarAbove(owner, next.owner);
  }

  // To wait for an isolate while those who come later find a place here would be to wait in vain.
  private async mayCrowd(home: Home, kit: Kit): Promise<boolean> {
    const { owner, memoryMb } = home;
    const wantedMb = memoryMb * (this.taking + 1);
    const readyMb = memoryMb * this.ready.count(kit);
    const isFree = this.budget.isFair(owner, wantedMb) && this.budget.has(wantedMb - readyMb);
    return !isFree && home.mayCrowd();
  }

  private async enter(key: string, home: Home): Promise<Room> {
    const { isolate, owner } = home;
    const takenAt = performance.now();
    this.homes.settle(key, home); // used last, goes last
    this.budget.give(isolate, owner);
    return { isolate, globals: await home.enter(), home, owner, takenAt };
  }

  private async makeFor(owner: string, memoryMb: number, kit: Kit, waitMs: number): Promise<ReadyRoom | undefined> {
    this.makeSpace(owner, memoryMb);
    if (!this.budget.has(memoryMb)) this.ready.giveUpOther(kit).then(() => this.budget.reclaim());
    const isolate = await this.budget.make(owner, memoryMb, () => this.makeIsolate(memoryMb, kit), waitMs);
    return isolate && makeRoom(isolate);
  }

  /** What is only kept for later makes room for what is there now. */
  private makeSpace(owner: string, memoryMb: number): void {
    if (!this.budget.isFair(owner, memoryMb)) return;
    const isProtected = this.besidesHomesMb >= memoryMb;
    for (const key of isProtected ? this.homes.closableFor(owner) : this.homes.keys) {
      if (this.budget.has(memoryMb)) return;
      if (this.homes.get(key)!.isIdle) this.homes.close(key);
    }
  }

  private get besidesHomesMb(): number {
    return this.heapMb - this.homes.mb - this.mostReady * MEMORY_MB;
  }

  private makeReady(kit: Kit): Promise<ReadyRoom> | undefined {
    if (!this.budget.has(MEMORY_MB) || this.budget.next !== undefined) return undefined;
    return makeRoom(this.budget.makeAhead(MEMORY_MB, () => this.makeIsolate(MEMORY_MB, kit)));
  }

  private makeIsolate(memoryMb: number, kit: Kit): Isolate {
    const isolate: Isolate = new ivm.Isolate({
      memoryLimit: memoryMb,
      snapshot: SNAPSHOTS[kit],
      onCatastrophicError: () => this.onLost(isolate),
    });
    return isolate;
  }
}

const makeRoom = async (isolate: Isolate): Promise<ReadyRoom> => ({ isolate, globals: await Globals.make(isolate) });

const latest = ({ wallMs }: RunLimits): number => performance.now() + Math.min(wallMs, LONGEST_WAIT_MS);
