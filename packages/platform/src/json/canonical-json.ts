import { configure } from 'safe-stable-stringify';

/** The one JSON text of a value: keys sorted. Hashes and cache keys are made of it. */
export const canonicalJson = configure({ deterministic: true, circularValue: Error, bigint: false }) as (
  value: unknown,
) => string;
