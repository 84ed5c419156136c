import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisCommands, StreamEntry } from '../../redis/redis-commands.ts';
import type { Seal } from '../../redis/seal.ts';
import type { Change, Shelf } from './identity-store.ts';
import { CHANGES } from './redis-scripts.ts';

type Ask = <T>(send: (redis: RedisCommands) => Promise<T>) => Promise<T>;

const LOOK_MS = 400;
const AT_A_TIME = 1_000;

/**
 * What any gateway has taken away or written over: a stream that each looks into. One that finds what it saw last gone from there, cut
 * off or lost, cannot know what it has missed, and says so.
 */
export class RedisChanges {
  private readonly closing = new AbortController();
  private seen: string | undefined;

  constructor(
    private readonly ask: Ask,
    private readonly seal: Seal,
    private readonly tell: (change: Change) => void,
  ) {
    void this.follow();
  }

  /** As it is written into the stream. */
  textOf(shelf: Shelf, id: string): Buffer {
    return this.seal.place('identity', CHANGES).close(JSON.stringify({ shelf, id }));
  }

  close(): void {
    this.closing.abort();
  }

  private async follow(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const isBehind = await this.look().catch(() => false); // away: what is remembered goes on to count
      if (!isBehind) await sleep(LOOK_MS, undefined, { signal: this.closing.signal, ref: false }).catch(() => {});
    }
  }

  /** @returns whether there is more to see at once */
  private async look(): Promise<boolean> {
    const { seen } = this;
    if (seen === undefined) return await this.beginAnew();
    const entries = await this.ask((redis) => redis.xrangeBuffer(CHANGES, seen, '+', 'COUNT', AT_A_TIME));
    const isWhole = seen === NOTHING || String(entries[0]?.[0]) === seen;
    if (!isWhole) return await this.beginAnew();
    for (const entry of entries) if (String(entry[0]) !== seen) this.tell(this.changeIn(entry));
    this.seen = String(entries.at(-1)?.[0] ?? seen);
    return entries.length === AT_A_TIME;
  }

  private async beginAnew(): Promise<boolean> {
    const [last] = await this.ask((redis) => redis.xrevrangeBuffer(CHANGES, '+', '-', 'COUNT', 1));
    this.seen = String(last?.[0] ?? NOTHING);
    this.tell('anything');
    return false;
  }

  // Nobody can have us forget too little: what cannot be read may be anything.
  private changeIn([, [, sealed]]: StreamEntry): Change {
    const places = this.seal.places('identity', CHANGES);
    const text = places.map((place) => place.open(sealed ?? Buffer.alloc(0))).find((opened) => opened !== undefined);
    return text === undefined ? 'anything' : (JSON.parse(text) as Change);
  }
}

/** Before the first entry. */
const NOTHING = '0-0';
