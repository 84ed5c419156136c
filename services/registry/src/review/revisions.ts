import type { Grant } from '@fingerpost/contracts';

export type Terms = Omit<Grant, 'revision'>;

/** What a digest may do, and whether it does. */
export interface Numbered {
  revision: number;
  terms: Terms;
  isInForce: boolean;
}

/**
 * Numbers what each digest may do, with a new number whenever that changes or the digest comes back. Numbers begin at the clock and behind
 * all that were ever given: an old grant never comes into force again, not after a restart either, nor with an old backup.
 */
export class Revisions {
  private next: number;
  private readonly known: Map<string, Numbered>;

  constructor(saved: ReadonlyMap<string, Numbered> = new Map(), now = Date.now()) {
    this.known = new Map(saved);
    this.next = [...saved.values()].reduce((next, { revision }) => Math.max(next, revision + 1), now);
  }

  /** @param inForce the terms of every digest in service. @returns what changed */
  update(inForce: Iterable<Terms>): Map<string, Numbered> {
    const changes = new Map<string, Numbered>();
    const left = new Set([...this.known].filter(([, { isInForce }]) => isInForce).map(([digest]) => digest));
    for (const terms of inForce) {
      left.delete(terms.digest);
      const known = this.known.get(terms.digest);
      if (known?.isInForce === true && isSame(known.terms, terms)) continue;
      changes.set(terms.digest, { revision: this.next++, terms, isInForce: true });
    }
    for (const digest of left) changes.set(digest, { ...this.known.get(digest)!, isInForce: false });
    for (const [digest, numbered] of changes) this.known.set(digest, numbered);
    return changes;
  }
}

// Nearly all are the very same object as before.
const isSame = (a: Terms, b: Terms) => a === b || JSON.stringify(a) === JSON.stringify(b);
