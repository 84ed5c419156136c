import type { SecretTerms } from './secret-binding.ts';

export type Scope = 'org' | 'user';
export type Isolation = 'fresh' | 'clean' | 'warm';

/** A regular expression as it travels: JSON has none. */
export interface PatternText {
  source: string;
  flags: string;
}

/** One condition on one field of the context. Exactly one operator is set. */
export type MatchRule =
  | { exists: boolean }
  | { equals: string | number | boolean | null }
  | { in: (string | number | boolean | null)[] }
  | { pattern: PatternText }
  | { startsWith: string }
  | { endsWith: string };

export interface Match {
  /** a context's `type`, or `*` for every type */
  contextType: string;
  /** field path (`page.repository`) to rule; all must hold */
  context: Record<string, MatchRule>;
}

/** A month: no answer is given again for longer, whatever its author says. */
export const MOST_CACHE_SECONDS = 2_592_000;

/** An integration's metadata after checking, with every default filled in. */
export interface Metadata {
  name: string;
  description: string;
  match: Match;
  /** seconds for which an answer may be given again; 0: never */
  cache: number;
  /** context fields that decide the answer; absent: what the run read decides */
  cacheKey?: string[];
  requiredSecrets: string[];
  /** where the author says that each may travel; absent: what ToolJump's files expect */
  secrets?: Record<string, SecretTerms>;
  /** 1 to 1000; higher stands further left in the bar */
  priority: number;
  scope: Scope;
  /** what the author asks for; the grant decides */
  isolation?: Isolation;
  /** hosts that the author declares; absent: derived from the code */
  hosts?: string[];
  groups: string[];
}

export const INTEGRATION_NAME = /^[a-z][a-z0-9_-]{3,99}$/;
