import type { Secret } from '@fingerpost/platform';
import type { ForRun, SecretStore } from './secret-store.ts';
import type { StoredBinding } from './stored-binding.ts';

/** The store as one run sees it. */
export interface StoreOfRun {
  read(name: string): Promise<Secret | undefined>;
  binding?(name: string): Promise<StoredBinding | undefined>;
  placeOf?(name: string): string | undefined;
}

/** A run goes on with the value that it read first, as long as the store still has one: half of it must not see a new key, half the old one. */
export function storeOfRun(store: SecretStore, run: ForRun & { first: Map<string, Secret> }): StoreOfRun {
  return {
    read: async (name) => {
      const now = await store.read(name, run);
      if (now === undefined) return undefined;
      const value = run.first.get(name) ?? now;
      run.first.set(name, value);
      return value;
    },
    binding: async (name) => store.binding?.(name),
    placeOf: (name) => store.placeOf?.(name),
  };
}
