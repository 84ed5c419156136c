import { FairSemaphore } from './fair-semaphore.ts';
import type { Isolate } from './ivm.ts';
import type { RecentUse } from './recent-use.ts';

interface Part {
  mb: number;
  /** absent: it waits, and nobody has it */
  owner?: string;
}

/**
 * The heap that isolates may have together: never more than their process, in permits of a megabyte. An isolate that is disposed of has
 * given its part back, and it does not say so: whoever asks looks.
 */
export class HeapBudget {
  private readonly parts = new Map<Isolate, Part>();
  private readonly permits: FairSemaphore;

  constructor(mb: number, use: RecentUse) {
    this.permits = new FairSemaphore(mb, use);
  }

  has(mb: number): boolean {
    this.reclaim();
    return this.permits.has(mb);
  }

  isFair(owner: string, mb: number): boolean {
    this.reclaim();
    return this.permits.isFair(owner, mb);
  }

  /** Nobody's yet, for later; there must be room. */
  makeAhead(mb: number, make: () => Isolate): Isolate {
    const isolate = make();
    this.permits.take(undefined, mb);
    this.parts.set(isolate, { mb });
    return isolate;
  }

  /** It is somebody's from here on; of nobody, when it waits for the next. */
  give(isolate: Isolate, owner: string | undefined): void {
    const part = this.parts.get(isolate);
    if (part === undefined || part.owner === owner) return;
    const before = part.owner;
    part.owner = owner;
    this.permits.take(owner, part.mb);
    this.permits.release(before, part.mb);
  }

  /** Makes it as soon as there is room. @returns nothing when there was none in time */
  async make(owner: string, mb: number, make: () => Isolate, waitMs: number): Promise<Isolate | undefined> {
    this.reclaim();
    if (!(await this.permits.acquire(owner, waitMs, mb))) return undefined;
    try {
      const isolate = make();
      this.parts.set(isolate, { mb, owner });
      return isolate;
    } catch (error) {
      this.permits.release(owner, mb);
      throw error;
    }
  }

  get next(): { owner: string; mb: number } | undefined {
    const { next } = this.permits;
    return next && { owner: next.owner, mb: next.permits };
  }

  /** Lets in who waits. To be called whenever an isolate may have ended. */
  reclaim(): void {
    for (const [isolate, { owner, mb }] of this.parts) {
      if (!isolate.isDisposed) continue;
      this.parts.delete(isolate);
      this.permits.release(owner, mb);
    }
  }
}
