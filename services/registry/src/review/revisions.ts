import type { Grant } from '@fingerpost/contracts';

type Terms = Omit<Grant, 'revision'>;

/**
 * Numbers what each digest may do, with a new number whenever that changes or the digest comes back. Numbers begin at the clock: an old
 * grant never comes into force again, not after a restart either.
 */
export class Revisions {
  private next: number;
  private readonly known = new Map<string, { revision: number; terms: Terms; isInForce: boolean }>();

  constructor(now = Date.now()) {
    this.next = now;
  }

  /** @param inForce the terms of every digest in service */
  update(inForce: Iterable<Terms>): void {
    const before = new Set(this.known.keys());
    for (const terms of inForce) {
      before.delete(terms.digest);
      const known = this.known.get(terms.digest);
      if (known?.isInForce === true && isSame(known.terms, terms)) continue;
      this.known.set(terms.digest, { revision: this.next++, terms, isInForce: true });
    }
    for (const digest of before) this.known.get(digest)!.isInForce = false;
  }

  /** of a digest in service */
  of(digest: string): number {
    return this.known.get(digest)!.revision;
  }

  inForce(): Record<string, number> {
    const entries = [...this.known].filter(([, { isInForce }]) => isInForce);
    return Object.fromEntries(entries.map(([digest, { revision }]) => [digest, revision]));
  }
}

// Nearly all are the very same object as before.
const isSame = (a: Terms, b: Terms) => a === b || JSON.stringify(a) === JSON.stringify(b);
