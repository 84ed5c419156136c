import type { Store } from '../store/store.ts';

/** A storage area that is a map. Copies what it keeps, as the real ones do. */
export function memoryStore(): Store & { all(): Record<string, unknown> } {
  const kept = new Map<string, unknown>();
  return {
    all: () => Object.fromEntries(kept),
    get: async (key: string) => (kept.has(key) ? { [key]: structuredClone(kept.get(key)) } : {}),
    set: async (values: Record<string, unknown>) => {
      for (const [key, value] of Object.entries(values)) kept.set(key, structuredClone(value));
    },
    remove: async (keys: string | string[]) => {
      for (const key of [keys].flat()) kept.delete(key);
    },
  } as unknown as Store & { all(): Record<string, unknown> };
}
