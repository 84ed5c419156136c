import { randomBytes } from 'node:crypto';
import type { Grant } from '@fingerpost/contracts';
import { LRUCache } from 'lru-cache';

/** Hex after a letter: survives URLs, headers and JSON unchanged, and is nobody's word. */
const draw = () => `fp${randomBytes(20).toString('hex')}`;

export interface Placeholders {
  /** what the code is given: secret name to placeholder */
  byName: Record<string, string>;
  /** what the secrets service needs to undo it: placeholder to secret name */
  toName: Record<string, string>;
}

/** What stands in for each secret in one run. The values never come here. */
export function drawPlaceholders(names: readonly string[]): Placeholders {
  const pairs = names.map((name) => [name, draw()] as const);
  return {
    byName: Object.fromEntries(pairs),
    toName: Object.fromEntries(pairs.map(([name, placeholder]) => [placeholder, name])),
  };
}

/**
 * The same placeholders for every run under one grant: `warm` code may have built a client around them. They are of no use without the
 * ticket of a run of that digest.
 */
export class WarmPlaceholders {
  private readonly byGrant = new LRUCache<string, Placeholders>({ max: 1_000 });

  placeholders({ digest, revision, secrets }: Pick<Grant, 'digest' | 'revision' | 'secrets'>): Placeholders {
    const key = `${digest} ${revision}`;
    const known = this.byGrant.get(key) ?? drawPlaceholders(Object.keys(secrets));
    this.byGrant.set(key, known);
    return known;
  }
}
