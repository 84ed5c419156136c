import type { KeptAnswer } from './kept-answer.ts';

/**
 * `fresh`: as its author allows. `stale`: a little older, shown while a new one is on its way. `last resort`: shown only when no
 * new one can be had. `gone`: too old to be shown at all.
 */
export type Freshness = 'fresh' | 'stale' | 'last resort' | 'gone';

/** As parts of the lifetime. */
const STALE_FOR = 0.1;
const LAST_RESORT_FOR = 1;

export function freshnessOf({ storedAt, lifetimeMs }: KeptAnswer, now: number): Freshness {
  const age = (now - storedAt) / lifetimeMs;
  if (age <= 1) return 'fresh';
  if (age <= 1 + STALE_FOR) return 'stale';
  return age <= 1 + LAST_RESORT_FOR ? 'last resort' : 'gone';
}
