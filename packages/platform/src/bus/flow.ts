import type { Body } from './bus.ts';
import { CREDIT } from './frames.ts';

/** Who wants to know what the reader does. */
export interface InflowHooks {
  /** told of each value that the reader took: this is where credit comes from */
  onTaken?: () => void;
  /** told once, when the reader leaves before the end */
  onLeft?: () => void;
}

interface Reader<T> {
  resolve: (result: IteratorResult<T, undefined>) => void;
  reject: (error: unknown) => void;
}

/**
 * Values that arrive by callback and leave by iteration, in order. An error that nobody reads harms nobody.
 * Written out rather than as a generator: a generator that waits cannot be left.
 */
export class Inflow<T> implements AsyncIterableIterator<T, undefined> {
  private readonly values: T[] = [];
  private readonly readers: Reader<T>[] = [];
  private state: 'open' | 'ended' | { error: unknown } = 'open';

  constructor(private readonly hooks: InflowHooks = {}) {}

  /** values that nobody has read yet */
  get unread(): number {
    return this.values.length;
  }

  push(value: T): void {
    if (this.state !== 'open') return;
    const reader = this.readers.shift();
    if (reader === undefined) this.values.push(value);
    else this.hand(value, reader);
  }

  end(): void {
    if (this.state !== 'open') return;
    this.state = 'ended';
    for (const reader of this.readers.splice(0)) reader.resolve(DONE);
  }

  fail(error: unknown): void {
    if (this.state !== 'open') return;
    this.state = { error };
    for (const reader of this.readers.splice(0)) reader.reject(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    return new Promise((resolve, reject) => {
      const reader = { resolve, reject };
      if (this.values.length > 0) this.hand(this.values.shift()!, reader);
      else if (this.state === 'open') this.readers.push(reader);
      else if (this.state === 'ended') resolve(DONE);
      else reject(this.state.error);
    });
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.values.length = 0;
    if (this.state === 'open') {
      this.end();
      this.hooks.onLeft?.();
    }
    return DONE;
  }

  private hand(value: T, reader: Reader<T>): void {
    reader.resolve({ value, done: false });
    this.hooks.onTaken?.();
  }
}

const DONE: IteratorResult<never, undefined> = { value: undefined, done: true };

/** Whether the sender may have sent one more chunk: one that takes no heed of credit could fill our memory. */
export const hasRoom = (chunks: Inflow<Uint8Array>): boolean => chunks.unread < CREDIT;

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
