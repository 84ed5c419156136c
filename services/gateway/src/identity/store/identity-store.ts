/**
 * What must outlive a gateway and be the same behind all of them: people, their sessions, their API tokens, and what may be used only
 * once. What lies on a shelf is JSON; an id may be anything. Whoever reads the store from outside learns no token: ids of sessions and
 * tokens are hashes.
 */
export interface IdentityStore {
  /** @throws Fault `identity.unavailable` when nobody can say, as every method does; nothing there: `undefined` */
  read<T>(shelf: Shelf, id: string): Promise<T | undefined>;
  /** In place of whatever is there. */
  write<T>(shelf: Shelf, id: string, record: T, options?: WriteOptions): Promise<void>;
  /** Where nothing is yet. Of many who try at once, behind any gateway, one is told `true`. */
  add<T>(shelf: Shelf, id: string, record: T, options?: WriteOptions): Promise<boolean>;
  /** In place of what was there, and only there: what has been removed meanwhile stays away. @returns whether it was there */
  replace<T>(shelf: Shelf, id: string, record: T, options?: WriteOptions): Promise<boolean>;
  /** Of many who remove at once, one is given the record. Every listener hears of it. */
  take<T>(shelf: Shelf, id: string): Promise<T | undefined>;
  /** Everything on a shelf, or what there belongs to one owner, in no order. */
  list<T>(shelf: Shelf, owner?: string): Promise<Entry<T>[]>;
  /** Hears within a second of what any gateway has taken away or written over, so that it can be forgotten; by `anything` that something may have been missed. */
  watch(listener: (change: Change) => void): () => void;
  close(): Promise<void>;
}

/** Each kind of record has a shelf of its own. */
export type Shelf = string;

export interface WriteOptions {
  /** whom `list` finds it by */
  owner?: string;
  /** absent: until it is taken away */
  keepMs?: number;
  /** nobody needs to hear of it */
  isQuiet?: boolean;
}

export interface Entry<T> {
  id: string;
  record: T;
}

export type Change = { shelf: Shelf; id: string } | 'anything';

export const IDENTITY_STORE = Symbol('identity store');
