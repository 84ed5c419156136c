import { BoundedMap } from './bounded-map.ts';

const HALF_LIFE_MS = 20_000;
const MOST_KNOWN = 2_000;
const FAR = 4;
/** A run or two more than another has had is nothing. */
const LITTLE_MS = 50;

/** How much of something each has used lately, in milliseconds: the longer ago, the less it counts. */
export class RecentUse {
  private readonly used = new BoundedMap<{ ms: number; at: number }>(MOST_KNOWN);

  constructor(private readonly now: () => number = () => performance.now()) {}

  add(owner: string, ms: number): void {
    this.used.set(owner, { ms: this.of(owner) + ms, at: this.now() });
  }

  of(owner: string): number {
    const known = this.used.get(owner);
    return known === undefined ? 0 : known.ms * 0.5 ** ((this.now() - known.at) / HALF_LIFE_MS);
  }

  isFarAbove(owner: string, other: string): boolean {
    return this.of(owner) > FAR * (this.of(other) + LITTLE_MS);
  }
}
