import { isFairShare } from './inside/fair-share.ts';

interface Waiting {
  owner: string;
  enter: () => void;
}

/** So many places, and no owner gets all of them. Whoever finds none waits in line, for a while; whoever has fewest goes first. */
export class Places {
  private readonly line: Waiting[] = [];
  /** owner to places */
  private readonly taken = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** @returns false when none became free in time */
  take(owner: string, waitMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.line.splice(this.line.indexOf(waiting), 1);
        resolve(false);
      }, waitMs);
      const enter = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const waiting = { owner, enter };
      this.line.push(waiting);
      this.letIn();
    });
  }

  leave(owner: string): void {
    const left = this.of(owner) - 1;
    if (left > 0) this.taken.set(owner, left);
    else this.taken.delete(owner);
    this.letIn();
  }

  private letIn(): void {
    for (let next = this.next(); next !== undefined; next = this.next()) {
      this.line.splice(this.line.indexOf(next), 1);
      this.taken.set(next.owner, this.of(next.owner) + 1);
      next.enter();
    }
  }

  private next(): Waiting | undefined {
    const all = [...this.taken.values()].reduce((sum, some) => sum + some, 1);
    if (all > this.most) return undefined;
    return this.line
      .filter(({ owner }) => isFairShare(this.of(owner) + 1, all, this.most, 1))
      .toSorted((a, b) => this.of(a.owner) - this.of(b.owner))[0];
  }

  private of(owner: string): number {
    return this.taken.get(owner) ?? 0;
  }
}
