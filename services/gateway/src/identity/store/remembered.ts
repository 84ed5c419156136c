import { LRUCache } from 'lru-cache';
import type { IdentityStore, Shelf } from './identity-store.ts';

export interface RememberedOptions {
  /** whose changes make it forget */
  shelves: readonly Shelf[];
  most: number;
  onForget?: (id: string) => void;
}

/** What was read from the store, until anybody changes it. */
export class Remembered<T extends object> {
  private readonly kept: LRUCache<string, T>;
  private readonly stopWatching: () => void;
  private heard = 0;

  constructor(
    store: Pick<IdentityStore, 'watch'>,
    private readonly options: RememberedOptions,
  ) {
    this.kept = new LRUCache({ max: options.most });
    this.stopWatching = store.watch((change) => {
      if (change === 'anything') this.forgetAll();
      else if (options.shelves.includes(change.shelf)) this.forget(change.id);
    });
  }

  get(id: string): T | undefined {
    return this.kept.get(id);
  }

  set(id: string, value: T): void {
    this.kept.set(id, value);
  }

  /** What `read` finds. It is not remembered where something changed meanwhile: nobody would ever say so again. */
  async find(id: string, read: () => Promise<T | undefined>): Promise<T | undefined> {
    const { heard } = this;
    const value = await read();
    if (value !== undefined && heard === this.heard) this.kept.set(id, value);
    return value;
  }

  forget(id: string): void {
    this.heard++;
    this.kept.delete(id);
    this.options.onForget?.(id);
  }

  close(): void {
    this.stopWatching();
  }

  private forgetAll(): void {
    this.heard++;
    this.kept.clear();
  }
}
