import { isFairShare } from './fair-share.ts';
import type { Isolate } from './ivm.ts';

interface Waiting {
  owner: string;
  mb: number;
  enter: () => void;
}

interface Part {
  mb: number;
  /** absent: nobody has it yet */
  owner?: string;
}

/**
 * The heap that isolates may have together: never more than their process, and no owner gets all of it. An isolate that is disposed of has
 * given its part back.
 */
export class HeapBudget {
  private readonly parts = new Map<Isolate, Part>();
  private readonly line: Waiting[] = [];

  constructor(private readonly mb: number) {}

  has(mb: number): boolean {
    return this.sum(() => true) + mb <= this.mb;
  }

  /** May it have so much more, if there is so much? */
  isFair(owner: string, mb: number): boolean {
    const mine = this.sum((part) => part.owner === owner) + mb;
    return isFairShare(mine, this.sum((part) => part.owner !== undefined) + mb, this.mb, mb);
  }

  /** Nobody's yet, for later; there must be room. */
  makeAhead(mb: number, make: () => Isolate): Isolate {
    return this.add({ mb }, make());
  }

  /** What was made ahead is somebody's from here on. */
  give(isolate: Isolate, owner: string): void {
    const part = this.parts.get(isolate);
    if (part !== undefined) part.owner = owner;
  }

  /** Makes it as soon as there is room: for whoever has least, and then in order of arrival. @returns nothing when there was none in time */
  make(owner: string, mb: number, make: () => Isolate, waitMs: number): Promise<Isolate | undefined> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.line.splice(this.line.indexOf(waiting), 1);
        resolve(undefined);
      }, waitMs);
      const enter = () => {
        clearTimeout(timer);
        try {
          resolve(this.add({ mb, owner }, make()));
        } catch (error) {
          reject(error);
        }
      };
      const waiting: Waiting = { owner, mb, enter };
      this.line.push(waiting);
      this.letIn();
    });
  }

  /** Who is next. Whoever has had a fair share is not. */
  get next(): Waiting | undefined {
    if (this.line.length === 0) return undefined;
    const of = (owner: string) => this.sum((part) => part.owner === owner);
    return this.line
      .filter(({ owner, mb }) => this.isFair(owner, mb))
      .map((waiting) => ({ waiting, has: of(waiting.owner) }))
      .toSorted((a, b) => a.has - b.has)[0]?.waiting;
  }

  /** To be called whenever an isolate may have ended. */
  letIn(): void {
    for (let next = this.next; next !== undefined && this.has(next.mb); next = this.next) {
      this.line.splice(this.line.indexOf(next), 1);
      next.enter();
    }
  }

  private add(part: Part, isolate: Isolate): Isolate {
    this.parts.set(isolate, part);
    return isolate;
  }

  private sum(counts: (part: Part) => boolean): number {
    let mb = 0;
    for (const [isolate, part] of this.parts)
      if (isolate.isDisposed) this.parts.delete(isolate);
      else if (counts(part)) mb += part.mb;
    return mb;
  }
}
