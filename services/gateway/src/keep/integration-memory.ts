import { Fault, type Json } from '@fingerpost/contracts';

/**
 * What integrations remember between runs. Each digest has a box of its own that no other code can open, and in it each viewer scope
 * its own keys. It may forget anything at any time before its time is up, and does when a box is full; what was remembered last is
 * there. A store that cannot be asked looks empty.
 */
export interface IntegrationMemory {
  recall(digest: string, viewerScope: string, key: string): Promise<Json | undefined>;
  /** Without a value, or for no time at all, it forgets. @throws Fault `request.too_large` */
  remember(
    digest: string,
    viewerScope: string,
    key: string,
    value: Json | undefined,
    ttlSeconds: number,
  ): Promise<void>;
}

export const INTEGRATION_MEMORY = Symbol('integration memory');

export const VALUE_BYTES = 100_000;
export const BOX_BYTES = 1_000_000;

/** @throws Fault `request.too_large` */
export function textOf(value: Json, key: string): string {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) <= VALUE_BYTES) return text;
  throw new Fault(
    'request.too_large',
    `cache.set: the value of "${key.slice(0, 80)}" is larger than ${VALUE_BYTES} bytes.`,
  );
}

/** A list in JSON: whatever scope and key hold, no two pairs give one text. */
export const entryOf = (viewerScope: string, key: string): string => JSON.stringify([viewerScope, key]);
