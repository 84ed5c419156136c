import type { RecentUse } from './recent-use.ts';

interface Waiting {
  owner: string;
  permits: number;
  enter: () => void;
}

/** Many who come at once would otherwise all have used nothing, until the first of them leaves. */
const ENTRY_MS = 10;

/**
 * A semaphore whose permits belong to owners. Who finds none waits in line, for a while; whoever has used least lately goes first. The last
 * quarter is for those who have less than a quarter, and have used less lately than half of what those inside have.
 */
export class FairSemaphore {
  private readonly line: Waiting[] = [];
  /** permits of an owner; of `undefined`: taken, and nobody's yet */
  private readonly held = new Map<string | undefined, number>();
  private taken = 0;

  constructor(
    private readonly most: number,
    private readonly use: RecentUse,
  ) {}

  has(permits: number): boolean {
    return this.taken + permits <= this.most;
  }

  /** who is in line */
  get waiting(): number {
    return this.line.length;
  }

  of(owner: string | undefined): number {
    return this.held.get(owner) ?? 0;
  }

  /** May it have so many more, if there are so many? As much as it asks for at first, even if that is more than a quarter. */
  isFair(owner: string, permits: number): boolean {
    const owned = this.taken - this.of(undefined) + permits;
    if (owned <= Math.max(permits, (this.most * 3) / 4)) return true;
    return this.of(owner) + permits <= Math.max(permits, this.most / 4) && this.isModest(owner);
  }

  tryAcquire(owner: string, permits = 1): boolean {
    if (!this.has(permits) || !this.isFair(owner, permits)) return false;
    this.take(owner, permits);
    return true;
  }

  /** @returns false when there were none in time */
  acquire(owner: string, waitMs: number, permits = 1): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.line.splice(this.line.indexOf(waiting), 1);
        resolve(false);
      }, waitMs);
      const enter = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const waiting = { owner, permits, enter };
      this.line.push(waiting);
      this.letIn();
    });
  }

  /** Without asking whether there are so many. */
  take(owner: string | undefined, permits: number): void {
    this.taken += permits;
    this.held.set(owner, this.of(owner) + permits);
    if (owner !== undefined) this.use.add(owner, ENTRY_MS);
  }

  release(owner: string | undefined, permits = 1): void {
    const left = this.of(owner) - permits;
    this.taken -= permits;
    if (left > 0) this.held.set(owner, left);
    else this.held.delete(owner);
    this.letIn();
  }

  /** Who is let in as soon as there is room. */
  get next(): Pick<Waiting, 'owner' | 'permits'> | undefined {
    return this.first();
  }

  private letIn(): void {
    for (let next = this.first(); next !== undefined && this.has(next.permits); next = this.first()) {
      this.line.splice(this.line.indexOf(next), 1);
      this.take(next.owner, next.permits);
      next.enter();
    }
  }

  private first(): Waiting | undefined {
    if (this.line.length === 0) return undefined;
    return this.line
      .filter(({ owner, permits }) => this.isFair(owner, permits))
      .toSorted((a, b) => this.use.of(a.owner) - this.use.of(b.owner) || this.of(a.owner) - this.of(b.owner))[0];
  }

  private isModest(owner: string): boolean {
    const inside = [...this.held.keys()].filter((one) => one !== undefined);
    const used = inside.reduce((sum, one) => sum + this.use.of(one), 0);
    return 2 * this.use.of(owner) * inside.length <= used;
  }
}
