import { randomBytes } from 'node:crypto';

/** Hex after a letter: survives URLs, headers and JSON unchanged, and is nobody's word. */
const placeholder = () => `fp${randomBytes(20).toString('hex')}`;

export interface Placeholders {
  /** what the code is given: secret name to placeholder */
  byName: Record<string, string>;
  /** what the secrets service needs to undo it: placeholder to secret name */
  toName: Record<string, string>;
}

/** What stands in for each secret in one run. The values never come here. */
export function drawPlaceholders(names: readonly string[]): Placeholders {
  const pairs = names.map((name) => [name, placeholder()] as const);
  return {
    byName: Object.fromEntries(pairs),
    toName: Object.fromEntries(pairs.map(([name, standIn]) => [standIn, name])),
  };
}
