import { ask } from './bridge.ts';

let hasRemembered = false;

/** True once the run used `cache`: what it remembered may have decided its answer. */
export const hasUsedMemory = (): boolean => hasRemembered;

export function resetMemory(): void {
  hasRemembered = false;
}

/** The `cache` that ToolJump's files know: values that outlive the run, of this integration alone. */
export function installMemory(): void {
  (globalThis as Record<string, unknown>).cache = {
    get: async (key: string) => {
      hasRemembered = true;
      const { head } = await ask('recall', { key: String(key) });
      return (head as { value?: unknown }).value;
    },
    set: async (key: string, value: unknown, ttlSeconds = 300) => {
      if (!Number.isFinite(Number(ttlSeconds)))
        throw new TypeError(`cache.set keeps a value for a number of seconds, not for ${ttlSeconds}.`);
      hasRemembered = true;
      await ask('remember', { key: String(key), value, ttlSeconds: Number(ttlSeconds) });
    },
  };
}
