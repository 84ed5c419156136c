import { Fault } from '@fingerpost/contracts';
import type { Secret } from '@fingerpost/platform';

export interface Token {
  value: string;
  /** epoch milliseconds */
  expiresAt: number;
}

export interface TokenRequest {
  url: URL;
  headers: [name: string, value: string][];
  body: string;
}

/** Whoever gives tokens for one key. */
export interface Issuer {
  /** in words, for people */
  name: string;
  /** May the token be shown there? Whoever else saw it could use it. */
  accepts(to: URL): boolean;
  /** Signed with the key, which itself stays here. */
  request(now: number): Promise<TokenRequest>;
  /** What a good answer holds; anything else becomes a fault outside. */
  read(answer: Record<string, unknown>, now: number): { value: unknown; expiresAt: unknown };
  /** what an answer of this status most likely means, and what to do */
  hint(status: number): string;
}

/** Asks an issuer, by the one way out. */
export type AskIssuer = (request: TokenRequest) => Promise<{ status: number; body: string }>;

/**
 * A key's JSON. What a parser says of broken text quotes it: that stays nowhere, not even as a cause.
 * @throws Fault `secret.not_minted`
 */
export function readKey(name: string, key: Secret, example: string): Record<string, unknown> {
  const parsed = parseOrNothing(key.reveal());
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw unusable(name, `it must be JSON like ${example}`);
}

export const unusable = (name: string, why: string): Fault =>
  new Fault(
    'secret.not_minted',
    `The secret ${name} is of no use as a key: ${why}. Set it again with "npm run secrets -- set ${name}".`,
    { detail: { secret: name } },
  );

export function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
