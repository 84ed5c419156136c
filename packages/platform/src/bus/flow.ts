import type { Body } from './bus.ts';
import { CREDIT } from './frames.ts';

/** Values that arrive by callback and leave by iteration, in order. */
export class Inflow<T> implements AsyncIterable<T> {
  private readonly waiting: T[] = [];
  private state: 'open' | 'ended' | { error: unknown } = 'open';
  private wake: (() => void) | undefined;

  /** `onTaken` is told of each value that the reader took: this is where credit comes from. */
  constructor(private readonly onTaken: () => void = () => {}) {}

  push(value: T): void {
    if (this.state !== 'open') return;
    this.waiting.push(value);
    this.wake?.();
  }

  end(): void {
    if (this.state === 'open') this.state = 'ended';
    this.wake?.();
  }

  fail(error: unknown): void {
    if (this.state === 'open') this.state = { error };
    this.wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    while (true) {
      if (this.waiting.length > 0) {
        const value = this.waiting.shift()!;
        this.onTaken();
        yield value;
      } else if (this.state === 'ended') return;
      else if (this.state !== 'open') throw this.state.error;
      else await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}

/** Permission to send: one is taken for each chunk, the receiver gives them back. */
export class Credit {
  private readonly waiting: { resolve: () => void; reject: (error: unknown) => void }[] = [];
  private failure: { error: unknown } | undefined;

  constructor(private left = CREDIT) {}

  give(count: number): void {
    this.left += count;
    while (this.left > 0 && this.waiting.length > 0) {
      this.left--;
      this.waiting.shift()!.resolve();
    }
  }

  async take(): Promise<void> {
    if (this.failure !== undefined) throw this.failure.error;
    if (this.left > 0) this.left--;
    else await new Promise<void>((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Whoever waits, and whoever comes later, gets the error. */
  fail(error: unknown): void {
    this.failure ??= { error };
    for (const waiter of this.waiting.splice(0)) waiter.reject(error);
  }
}

export async function* emptyBody(): Body {}
