import type { Kit, ReadyRoom } from './room.ts';

const REFILL_AFTER_MS = 20;

/** Isolates made ahead of need: waking one takes longer than most runs. */
export class ReadyRooms {
  private readonly rooms: Record<Kit, Promise<ReadyRoom>[]> = { bare: [], web: [] };
  /** what was asked for last is wanted again: of the other kit one is kept */
  private favourite: Kit = 'web';
  private refilling: NodeJS.Timeout | undefined;

  constructor(
    private readonly most: number,
    /** nothing while there is no room for one more */
    private readonly make: (kit: Kit) => Promise<ReadyRoom> | undefined,
  ) {
    this.refill();
  }

  count(kit: Kit): number {
    return this.rooms[kit].length;
  }

  take(kit: Kit): Promise<ReadyRoom> | undefined {
    this.favourite = kit;
    const room = this.rooms[kit].shift();
    this.refillLater();
    return room;
  }

  /** Disposes of a ready isolate of the other kit, for a run that waits for heap. */
  async giveUpOther(kit: Kit): Promise<void> {
    const room = await this.rooms[otherThan(kit)].pop();
    room?.isolate.dispose();
  }

  // Making isolates keeps the main thread busy: the run that has just taken one goes first.
  refillLater(): void {
    this.refilling ??= setTimeout(() => this.refill(), this.rooms[this.favourite].length < 2 ? 0 : REFILL_AFTER_MS);
  }

  private refill(): void {
    this.refilling = undefined;
    const kit = this.scarce();
    const room = kit && this.make(kit);
    if (room === undefined) return;
    this.rooms[kit!].push(room);
    room.then(
      () => setImmediate(() => this.refill()),
      () => this.forget(room),
    );
  }

  private scarce(): Kit | undefined {
    const other = otherThan(this.favourite);
    if (this.rooms[this.favourite].length < this.most - 1) return this.favourite;
    return this.rooms[other].length < 1 ? other : undefined;
  }

  // A run may have taken it already.
  private forget(room: Promise<ReadyRoom>): void {
    for (const rooms of Object.values(this.rooms)) {
      const place = rooms.indexOf(room);
      if (place >= 0) rooms.splice(place, 1);
    }
  }
}

const otherThan = (kit: Kit): Kit => (kit === 'web' ? 'bare' : 'web');
