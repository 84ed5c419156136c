import type { SourceFault } from '@fingerpost/contracts';

export interface Named {
  name: string;
  digest: string;
}

export interface Spot<T> {
  file: string;
  /** what serves: the newest good state, or the one before where that one's name is taken */
  served?: T;
  fault?: SourceFault;
}

/** All that decides what will serve: the same again after a restart, or with another leader. */
export interface OwnSpot<T> extends Spot<T> {
  admitted?: T;
  /** of the newest state itself, and because another file has its name */
  ownFault?: SourceFault;
  /** the turn in which this file first took its present name */
  claimedIn: number;
}

/**
 * Files by what they serve under. A broken file keeps its last good state in service. Of files that claim one name the first to do so
 * has it, of files that came together the first by path: whatever the order in which they were built.
 */
export class Shelf<T extends Named> {
  private readonly spots: Map<string, OwnSpot<T>>;
  private changed = new Set<string>();

  /** @param taken what to tell the author of a file whose name is taken */
  constructor(
    private readonly taken: (mine: T, holder: T) => string,
    saved: readonly OwnSpot<T>[] = [],
  ) {
    this.spots = new Map(saved.map((spot) => [spot.file, spot]));
  }

  /** @returns whether that changes anything */
  put(file: string, value: T, turn: number): boolean {
    const spot = this.spot(file, turn);
    if (spot.ownFault === undefined && isSame(spot.admitted, value)) return false;
    if (spot.admitted?.name !== value.name) spot.claimedIn = turn;
    spot.admitted = value;
    spot.ownFault = undefined;
    this.changed.add(file);
    return true;
  }

  /** @returns whether that changes anything */
  refuse(file: string, fault: SourceFault, turn: number): boolean {
    const spot = this.spot(file, turn);
    if (isSame(spot.ownFault, fault)) return false;
    spot.ownFault = fault;
    this.changed.add(file);
    return true;
  }

  remove(file: string): boolean {
    if (!this.spots.delete(file)) return false;
    this.changed.add(file);
    return true;
  }

  /** Decides who serves. @returns the faults that are new since the last time */
  settle(): SourceFault[] {
    const holders = new Map<string, T>();
    const newFaults: SourceFault[] = [];
    const inOrder = [...this.spots.values()].sort((a, b) => a.claimedIn - b.claimedIn || (a.file < b.file ? -1 : 1));
    const hold = (spot: OwnSpot<T>, value: T | undefined) => {
      spot.served = value !== undefined && !holders.has(value.name) ? value : undefined;
      if (spot.served !== undefined) holders.set(spot.served.name, spot.served);
    };

    const left = inOrder.map((spot) => {
      const before = spot.served;
      hold(spot, spot.admitted);
      return { spot, before };
    });
    for (const { spot, before } of left) {
      const holder = spot.admitted === undefined ? undefined : holders.get(spot.admitted.name);
      const isTaken = holder !== undefined && spot.served === undefined;
      const fault =
        spot.ownFault ?? (isTaken ? { file: spot.file, message: this.taken(spot.admitted!, holder) } : undefined);
      if (isTaken) hold(spot, before);
      if (fault !== undefined && !isSame(spot.fault, fault)) newFaults.push(fault);
      if (spot.served !== before || !isSame(spot.fault, fault)) this.changed.add(spot.file);
      spot.fault = fault;
    }
    return newFaults;
  }

  /** What changed since the last time, by file; nothing for one that is gone. */
  takeChanges(): Map<string, OwnSpot<T> | undefined> {
    const changes = new Map([...this.changed].map((file) => [file, this.spots.get(file)]));
    this.changed = new Set();
    return changes;
  }

  get(file: string): Readonly<OwnSpot<T>> | undefined {
    return this.spots.get(file);
  }

  get size(): number {
    return this.spots.size;
  }

  /** the newest good state of every file, whether or not it serves yet */
  get admitted(): { file: string; value: T }[] {
    return [...this.spots.values()].flatMap(({ file, admitted }) =>
      admitted === undefined ? [] : { file, value: admitted },
    );
  }

  get served(): T[] {
    return [...this.spots.values()].flatMap(({ served }) => served ?? []);
  }

  /** by path */
  get all(): Readonly<OwnSpot<T>>[] {
    return [...this.spots.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
  }

  private spot(file: string, turn: number): OwnSpot<T> {
    let spot = this.spots.get(file);
    if (spot === undefined) {
      spot = { file, claimedIn: turn };
      this.spots.set(file, spot);
    }
    return spot;
  }
}

// The very same object mostly; after a restart an equal one.
const isSame = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);
