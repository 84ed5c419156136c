import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@fingerpost/contracts';
import type { Log } from '@fingerpost/platform';
import type { RedisCommands } from '../../redis/redis-commands.ts';
import { type RedisLink, WRITE_MS } from '../../redis/redis-link.ts';
import type { Place, Seal } from '../../redis/seal.ts';
import type { Change, Entry, IdentityStore, Shelf, WriteOptions } from './identity-store.ts';
import { RedisChanges } from './redis-changes.ts';
import { listRecords } from './redis-list.ts';
import { CHANGES, ENDS, MOST_BYTES, SWEEP, TAKE, WRITE } from './redis-scripts.ts';
import { type Kept, keyOf, SealedRecords } from './sealed-records.ts';

type Mode = 'write' | 'add' | 'replace';

const SWEEP_MS = 60_000;
const SPARED_MS = 300_000;
const FOR_GOOD = 9e15;
/** Shelves whose records may lie unused for longer than it takes to replace a key. */
const LASTING = ['person', 'blocked', 'token', 'session'];
const MOVE_MS = 2_000;
/** Better late than turned away: nobody else knows who somebody is. */
const READ_MS = 500;

/** The same behind every gateway: records sealed and bound to their places, changes told to all. */
export class RedisStore implements IdentityStore {
  private readonly listeners = new Set<(change: Change) => void>();
  private readonly records: SealedRecords;
  private readonly changes: RedisChanges;
  private readonly sweeping = setInterval(() => void this.sweep(), SWEEP_MS).unref();

  constructor(
    private readonly link: RedisLink,
    seal: Seal,
    private readonly log: Pick<Log, 'warn'>,
    private readonly now: () => number = Date.now,
  ) {
    this.records = new SealedRecords(seal, now);
    this.changes = new RedisChanges(
      (send) => this.ask(send),
      seal,
      (change) => this.tell(change),
    );
    void this.moveAll();
  }

  async read<T>(shelf: Shelf, id: string): Promise<T | undefined> {
    return (await this.find(shelf, id))?.record as T | undefined;
  }

  async write<T>(shelf: Shelf, id: string, record: T, options?: WriteOptions): Promise<void> {
    await this.put('write', shelf, id, record, options);
  }

  async add<T>(shelf: Shelf, id: string, record: T, options?: WriteOptions): Promise<boolean> {
    await this.settle(shelf, id);
    return await this.put('add', shelf, id, record, options);
  }

  async replace<T>(shelf: Shelf, id: string, record: T, options?: WriteOptions): Promise<boolean> {
    await this.settle(shelf, id);
    return await this.put('replace', shelf, id, record, options);
  }

  async take<T>(shelf: Shelf, id: string): Promise<T | undefined> {
    let taken: Kept | undefined;
    for (const at of this.records.placesOf(shelf, id).keys())
      taken = (await this.takeFrom(at, shelf, id, this.changes.textOf(shelf, id))) ?? taken;
    this.tell({ shelf, id });
    return taken?.record as T | undefined;
  }

  async list<T>(shelf: Shelf, owner?: string): Promise<Entry<T>[]> {
    const found = new Map<string, T>();
    for (const [at, index] of this.records.indexesOf(shelf, owner).entries()) {
      for await (const bytes of listRecords(this.ask.bind(this), keyOf(index), this.now())) {
        const kept = this.records.openListed(shelf, bytes);
        if (kept === undefined || found.has(kept.id)) continue;
        found.set(kept.id, kept.record as T);
        if (at > 0) await this.move(shelf, kept.id, kept);
      }
    }
    return [...found].map(([id, record]) => ({ id, record }));
  }

  watch(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    clearInterval(this.sweeping);
    this.changes.close();
  }

  /** @param at which of the keys it is sealed with */
  private async takeFrom(at: number, shelf: Shelf, id: string, change: Buffer | ''): Promise<Kept | undefined> {
    const place = this.records.placesOf(shelf, id)[at]!;
    const owner = (await this.readAt(place))?.owner;
    const keys = this.keysOf(at, shelf, id, owner);
    const bytes = await this.ask((redis) => redis.evalBuffer(TAKE, 4, ...keys, place.address, change), WRITE_MS);
    return this.open(place, bytes as Buffer);
  }

  private async put(mode: Mode, shelf: Shelf, id: string, record: unknown, options: WriteOptions = {}) {
    const { owner, keepMs, isQuiet } = options;
    const [place, ...older] = this.records.placesOf(shelf, id) as [Place, ...Place[]];
    const until = keepMs === undefined ? undefined : this.now() + keepMs;
    const sealed = this.records.close(place, shelf, id, { record, owner, until });
    const change = isQuiet === true ? '' : this.changes.textOf(shelf, id);
    const values = [mode, sealed, until ?? FOR_GOOD, this.now(), place.address, change];
    const keys = this.keysOf(0, shelf, id, owner);
    const isDone = (await this.ask((redis) => redis.evalBuffer(WRITE, 4, ...keys, ...values), WRITE_MS)) === 1;
    if (isDone) for (const at of older.keys()) await this.takeFrom(at + 1, shelf, id, '');
    if (isDone && isQuiet !== true) this.tell({ shelf, id });
    return isDone;
  }

  private async find(shelf: Shelf, id: string): Promise<Kept | undefined> {
    for (const [at, place] of this.records.placesOf(shelf, id).entries()) {
      const kept = await this.readAt(place);
      if (kept !== undefined && at > 0) await this.move(shelf, id, kept);
      if (kept !== undefined) return kept;
    }
  }

  /** Sealed with a key that is being replaced: once more with the new one. */
  private async move(shelf: Shelf, id: string, { record, owner, until }: Kept): Promise<void> {
    const keepMs = until === undefined ? undefined : Math.max(1, until - this.now());
    await this.put('add', shelf, id, record, { owner, keepMs, isQuiet: true });
  }

  private async settle(shelf: Shelf, id: string): Promise<void> {
    if (this.records.placesOf(shelf, id).length > 1) await this.find(shelf, id);
  }

  /** What nobody may ask for until the old key is gone. */
  private async moveAll(): Promise<void> {
    if (this.records.indexesOf('').length === 1) return;
    await sleep(MOVE_MS, undefined, { ref: false });
    for (const shelf of LASTING)
      await this.list(shelf).catch(() => this.log.warn(`not all of "${shelf}" has the new key yet`));
  }

  // Clocks may differ: what another gateway holds to be there yet is left to it.
  private async sweep(): Promise<void> {
    await this.ask((redis) => redis.evalBuffer(SWEEP, 1, ENDS, this.now() - SPARED_MS), WRITE_MS).catch(() => {});
  }

  private async readAt(place: Place): Promise<Kept | undefined> {
    return this.open(place, await this.ask((redis) => redis.getrangeBuffer(keyOf(place), 0, MOST_BYTES)));
  }

  private open(place: Place, bytes: Buffer): Kept | undefined {
    const kept = this.records.open(place, bytes);
    if (kept !== 'forged') return kept;
    this.log.warn('what Redis has of an identity was not written by a gateway; it is ignored');
  }

  private keysOf(at: number, shelf: Shelf, id: string, owner?: string): [string, string, string, string] {
    const { records } = this;
    const places = [records.placesOf(shelf, id), records.indexesOf(shelf), records.indexesOf(shelf, owner)];
    const [record, all, own] = places.map((keys) => keyOf(keys[at]!)) as [string, string, string];
    return [record, all, own, CHANGES];
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }

  private async ask<T>(send: (redis: RedisCommands) => Promise<T>, withinMs = READ_MS): Promise<T> {
    const answer = await this.link.ask(send, { withinMs, isNeeded: true });
    if (answer !== undefined) return answer;
    throw new Fault(
      'identity.unavailable',
      'Who is signed in cannot be looked up right now: Redis does not answer. Try again in a moment.',
    );
  }
}
