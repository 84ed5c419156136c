import type { Isolate } from './ivm.ts';

interface Waiting {
  mb: number;
  enter: () => void;
}

/** The heap that isolates may have together: never more than their process. An isolate that is disposed of has given its part back. */
export class HeapBudget {
  private readonly isolates = new Map<Isolate, number>();
  private readonly line: Waiting[] = [];

  constructor(private readonly mb: number) {}

  has(mb: number): boolean {
    let promised = mb;
    for (const [isolate, part] of this.isolates)
      if (isolate.isDisposed) this.isolates.delete(isolate);
      else promised += part;
    return promised <= this.mb;
  }

  /** Makes it as soon as there is room, in order of arrival. @returns nothing when there was none in time */
  make(mb: number, make: () => Isolate, waitMs: number): Promise<Isolate | undefined> {
    if (this.line.length === 0 && this.has(mb)) return Promise.resolve(this.add(mb, make()));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.line.splice(this.line.indexOf(waiting), 1);
        resolve(undefined);
      }, waitMs);
      const enter = () => {
        clearTimeout(timer);
        try {
          resolve(this.add(mb, make()));
        } catch (error) {
          reject(error);
        }
      };
      const waiting: Waiting = { mb, enter };
      this.line.push(waiting);
    });
  }

  get isWaitedFor(): boolean {
    return this.line.length > 0;
  }

  /** To be called whenever an isolate may have ended. */
  letIn(): void {
    while (this.line[0] !== undefined && this.has(this.line[0].mb)) this.line.shift()!.enter();
  }

  private add(mb: number, isolate: Isolate): Isolate {
    this.isolates.set(isolate, mb);
    return isolate;
  }
}
