import { hash } from 'node:crypto';
import { configure } from 'safe-stable-stringify';

/** The one JSON text of a value: keys sorted. Hashes and cache keys are made of it. */
export const canonicalJson = configure({ deterministic: true, circularValue: Error, bigint: false }) as (
  value: unknown,
) => string;

/** sha256 of that text, base64url. */
export const hashJson = (value: unknown): string => hash('sha256', canonicalJson(value), 'base64url');
