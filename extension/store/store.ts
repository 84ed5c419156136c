import type { Browser } from 'wxt/browser';

/** A browser's storage area, or what stands in for one in tests. */
export type Store = Pick<Browser.storage.StorageArea, 'get' | 'set' | 'remove'>;

export async function read<T>(store: Store, key: string): Promise<T | undefined> {
  return (await store.get(key))[key] as T | undefined;
}
