import type { Person } from '../people/person.ts';

/** One device on which somebody is signed in. */
export interface Session {
  /** safe to show: a hash of what the device holds */
  id: string;
  person: Person;
  /** `Firefox on Linux`, as the browser said */
  device: string;
  /** ISO 8601, as all times here */
  createdAt: string;
  /** within a minute */
  lastUsedAt: string;
  /** when it ends if it is not used again */
  expiresAt: string;
  /** opened with the key from the safe, not by a provider */
  isBreakGlass?: true;
}

/** Without use it ends; with use, too, some day: then the provider is asked anew. */
export const IDLE_MS = 12 * 3_600_000;
export const LONGEST_MS = 7 * 24 * 3_600_000;
