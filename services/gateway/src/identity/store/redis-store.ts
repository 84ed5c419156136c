import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@fingerpost/contracts';
import type { Log } from '@fingerpost/platform';
import { type RedisCommands, type RedisLink, type StreamEntry, WRITE_MS } from '../../redis/redis-link.ts';
import type { Place, Seal } from '../../redis/seal.ts';
import type { Change, Entry, IdentityStore, Shelf, WriteOptions } from './identity-store.ts';

/** Sealed: whoever has Redis learns neither what is kept nor whose it is. */
interface Kept {
  record: unknown;
  owner?: string;
  /** ms; absent: for good */
  until?: number;
}

// One slot of a cluster holds all of it, so that each step is one step.
const PREFIX = 'fp:{i}:';
const CHANGES = `${PREFIX}changes`;
const ENDS = `${PREFIX}ends`;
const MOST_BYTES = 64_000;
const CHANGES_KEPT = 10_000;
const LOOK_MS = 400;
const CHANGES_AT_A_TIME = 1_000;
const LIST_MS = 3_000;
const SWEEP_MS = 60_000;
const SPARED_MS = 300_000;
const FOR_GOOD = 9e15;
const SIZE_BYTES = 2;
/** Shelves whose records may lie unused for longer than it takes to replace a key. */
const LASTING = ['person', 'blocked', 'token', 'session'];
const MOVE_MS = 2_000;

/**
 * Keys: record, shelf, owner, changes. Values: mode, record, until, now, member, change. Nothing has an end that Redis knows of: what it
 * may drop when it is full are answers. So we sweep ourselves.
 */
const WRITE = `
local mode, record, till, now, member, change = unpack(ARGV)
local is_there = redis.call('EXISTS', KEYS[1]) == 1
if (mode == 'add' and is_there) or (mode == 'replace' and not is_there) then return 0 end
redis.call('SET', KEYS[1], record)
for _, index in ipairs({ KEYS[2], KEYS[3] }) do
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
  redis.call('ZADD', index, till, member)
end
redis.call('ZADD', '${ENDS}', till, member)
if change ~= '' then redis.call('XADD', KEYS[4], 'MAXLEN', '~', ${CHANGES_KEPT}, '*', 'c', change) end
return 1`;
/** The same keys. Values: member, change. */
const TAKE = `
local record = redis.call('GETRANGE', KEYS[1], 0, ${MOST_BYTES})
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', '${ENDS}', ARGV[1])
if ARGV[2] ~= '' then redis.call('XADD', KEYS[4], 'MAXLEN', '~', ${CHANGES_KEPT}, '*', 'c', ARGV[2]) end
return record`;
/** Key: what ends when. Value: the time up to which. */
const SWEEP = `
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 500)) do
  redis.call('DEL', '${PREFIX}' .. member)
  redis.call('ZREM', KEYS[1], member)
end
return 1`;
/** Key: shelf or owner. Value: now. */
const LIST = `
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
local records = {}
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  records[#records + 1] = redis.call('GETRANGE', '${PREFIX}' .. member, 0, ${MOST_BYTES})
end
return records`;

/**
 * The same behind every gateway. Each record is sealed and bound to its place. What is taken or written over is told in a stream that
 * every gateway looks into; one that finds what it saw last gone from there forgets all that it remembers.
 */
export class RedisStore implements IdentityStore {
  private readonly listeners = new Set<(change: Change) => void>();
  private readonly closing = new AbortController();
  private readonly sweeping: NodeJS.Timeout;
  private seen: string | undefined;

  constructor(
    private readonly link: RedisLink,
    private readonly seal: Seal,
    private readonly log: Pick<Log, 'warn'>,
    private readonly now: () => number = Date.now,
  ) {
    void this.follow();
    void this.moveAll();
    this.sweeping = setInterval(() => void this.sweep(), SWEEP_MS).unref();
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
    for (const [at, place] of this.placesOf(shelf, id).entries())
      taken = (await this.takeFrom(place, at, shelf, this.changeText(shelf, id))) ?? taken;
    this.tell({ shelf, id });
    return taken?.record as T | undefined;
  }

  async list<T>(shelf: Shelf, owner?: string): Promise<Entry<T>[]> {
    const kept = new Map<string, T>();
    for (const [at, index] of this.indexesOf(shelf, owner).entries()) {
      const records = await this.ask((redis) => redis.evalBuffer(LIST, 1, keyOf(index), this.now()), LIST_MS);
      for (const bytes of records as Buffer[]) {
        const id = this.idIn(shelf, bytes);
        const found = id === undefined || kept.has(id) ? undefined : this.openAnywhere(shelf, id, bytes);
        if (found === undefined) continue;
        kept.set(id!, found.record as T);
        if (at > 0) await this.move(shelf, id!, found);
      }
    }
    return [...kept].map(([id, record]) => ({ id, record }));
  }

  watch(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async close(): Promise<void> {
    clearInterval(this.sweeping);
    this.closing.abort();
  }

  private async takeFrom(place: Place, at: number, shelf: Shelf, change: Buffer | ''): Promise<Kept | undefined> {
    const owner = (await this.readAt(place))?.owner;
    const keys = [...this.keysOf(place, at, shelf, owner), CHANGES] as const;
    const bytes = await this.ask((redis) => redis.evalBuffer(TAKE, 4, ...keys, place.address, change), WRITE_MS);
    return this.open(place, bytes as Buffer);
  }

  private async put(
    mode: 'write' | 'add' | 'replace',
    shelf: Shelf,
    id: string,
    record: unknown,
    { owner, keepMs, isQuiet }: WriteOptions = {},
  ): Promise<boolean> {
    const [place, ...older] = this.placesOf(shelf, id) as [Place, ...Place[]];
    const until = keepMs === undefined ? undefined : this.now() + keepMs;
    const name = this.namesOn(shelf)[0]!.close(id);
    const sealed = Buffer.concat([
      sizeOf(name),
      name,
      place.close(JSON.stringify({ record, owner, until } satisfies Kept)),
    ]);
    const keys = [...this.keysOf(place, 0, shelf, owner), CHANGES] as const;
    const change = isQuiet === true ? '' : this.changeText(shelf, id);
    const values = [mode, sealed, until ?? FOR_GOOD, this.now(), place.address, change];
    const isDone = (await this.ask((redis) => redis.evalBuffer(WRITE, 4, ...keys, ...values), WRITE_MS)) === 1;
    if (isDone) for (const [at, one] of older.entries()) await this.takeFrom(one, at + 1, shelf, '');
    if (isDone && isQuiet !== true) this.tell({ shelf, id });
    return isDone;
  }

  private async find(shelf: Shelf, id: string): Promise<Kept | undefined> {
    const [current, ...older] = this.placesOf(shelf, id);
    const kept = await this.readAt(current!);
    if (kept !== undefined) return kept;
    for (const place of older) {
      const found = await this.readAt(place);
      if (found !== undefined) return await this.move(shelf, id, found);
    }
  }

  /** Sealed with a key that is being replaced: once more with the new one. */
  private async move(shelf: Shelf, id: string, { record, owner, until }: Kept): Promise<Kept> {
    const keepMs = until === undefined ? undefined : Math.max(1, until - this.now());
    await this.put('add', shelf, id, record, { owner, keepMs, isQuiet: true });
    return { record, owner, until };
  }

  /** While a key is being replaced: what nobody may ask for until the old one is gone. */
  private async moveAll(): Promise<void> {
    if (this.placesOf('', '').length === 1) return;
    await sleep(MOVE_MS, undefined, { ref: false });
    for (const shelf of LASTING)
      await this.list(shelf).catch(() => this.log.warn(`not all of "${shelf}" has the new key yet`));
  }

  private async settle(shelf: Shelf, id: string): Promise<void> {
    if (this.placesOf(shelf, id).length > 1) await this.find(shelf, id);
  }

  private async readAt(place: Place): Promise<Kept | undefined> {
    return this.open(place, await this.ask((redis) => redis.getrangeBuffer(keyOf(place), 0, MOST_BYTES)));
  }

  private idIn(shelf: Shelf, bytes: Buffer): string | undefined {
    if (bytes.length < SIZE_BYTES) return undefined;
    const name = bytes.subarray(SIZE_BYTES, SIZE_BYTES + bytes.readUInt16BE());
    for (const place of this.namesOn(shelf)) {
      const id = place.open(name);
      if (id !== undefined) return id;
    }
  }

  private openAnywhere(shelf: Shelf, id: string, bytes: Buffer): Kept | undefined {
    for (const place of this.placesOf(shelf, id)) {
      const kept = this.open(place, bytes, () => {});
      if (kept !== undefined) return kept;
    }
  }

  private open(place: Place, bytes: Buffer, onForged = () => this.log.warn(FORGED)): Kept | undefined {
    if (bytes.length < SIZE_BYTES) return undefined;
    const text = place.open(bytes.subarray(SIZE_BYTES + bytes.readUInt16BE()));
    if (text === undefined) return void onForged();
    const kept = JSON.parse(text) as Kept;
    return kept.until === undefined || kept.until > this.now() ? kept : undefined;
  }

  // Clocks may differ: what another gateway holds to be there yet is left to it.
  private async sweep(): Promise<void> {
    await this.ask((redis) => redis.evalBuffer(SWEEP, 1, ENDS, this.now() - SPARED_MS), WRITE_MS).catch(() => {});
  }

  private async follow(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const isBehind = await this.look().catch(() => false); // away: what is remembered goes on to count
      if (!isBehind) await sleep(LOOK_MS, undefined, { signal: this.closing.signal, ref: false }).catch(() => {});
    }
  }

  /** @returns whether there is more to see at once */
  private async look(): Promise<boolean> {
    if (this.seen === undefined) return await this.beginAnew();
    const entries = await this.ask((redis) => redis.xrangeBuffer(CHANGES, this.seen!, '+', 'COUNT', CHANGES_AT_A_TIME));
    const isWhole = this.seen === '0-0' || String(entries[0]?.[0]) === this.seen;
    if (!isWhole) return await this.beginAnew();
    for (const entry of entries) if (String(entry[0]) !== this.seen) this.tell(this.changeIn(entry));
    this.seen = String(entries.at(-1)?.[0] ?? this.seen);
    return entries.length === CHANGES_AT_A_TIME;
  }

  private async beginAnew(): Promise<boolean> {
    const [last] = await this.ask((redis) => redis.xrevrangeBuffer(CHANGES, '+', '-', 'COUNT', 1));
    this.seen = String(last?.[0] ?? '0-0');
    this.tell('anything');
    return false;
  }

  private changeText(shelf: Shelf, id: string): Buffer {
    return this.seal.place('identity', CHANGES).close(JSON.stringify({ shelf, id }));
  }

  // Nobody can have us forget too little: what cannot be read may be anything.
  private changeIn([, [, sealed]]: StreamEntry): Change {
    const places = this.seal.places('identity', CHANGES);
    const text = places.map((place) => place.open(sealed ?? Buffer.alloc(0))).find((opened) => opened !== undefined);
    return text === undefined ? 'anything' : (JSON.parse(text) as Change);
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }

  private async ask<T>(send: (redis: RedisCommands) => Promise<T>, withinMs?: number): Promise<T> {
    const answer = await this.link.ask(send, { withinMs });
    if (answer !== undefined) return answer;
    throw new Fault(
      'identity.unavailable',
      'Who is signed in cannot be looked up right now: Redis does not answer. Try again in a moment.',
    );
  }

  // The same order of keys everywhere: the place of writing first.
  private placesOf(shelf: Shelf, id: string): Place[] {
    return this.seal.places('identity', JSON.stringify(['record', shelf, id]));
  }

  private namesOn(shelf: Shelf): Place[] {
    return this.seal.places('identity', JSON.stringify(['names', shelf]));
  }

  private indexesOf(shelf: Shelf, owner?: string): Place[] {
    return this.seal.places('identity', JSON.stringify(owner === undefined ? ['all', shelf] : ['owner', shelf, owner]));
  }

  private keysOf(place: Place, at: number, shelf: Shelf, owner: string | undefined): [string, string, string] {
    return [keyOf(place), keyOf(this.indexesOf(shelf)[at]!), keyOf(this.indexesOf(shelf, owner)[at]!)];
  }
}

const FORGED = 'what Redis has of an identity was not written by a gateway; it is ignored';

const keyOf = ({ address }: Place): string => PREFIX + address;

function sizeOf(bytes: Buffer): Buffer {
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeUInt16BE(bytes.length);
  return size;
}
