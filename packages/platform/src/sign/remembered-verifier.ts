import { LRUCache } from 'lru-cache';
import type { EnvelopeType, Verifier } from './signed-envelope.ts';

/**
 * Verifies an envelope once and remembers what it said. Remembered by the whole envelope and never by a name that stands in it:
 * a forgery with the `jti` of a good ticket must not pass for it.
 */
export class RememberedVerifier {
  private readonly known: LRUCache<string, Promise<object>>;

  constructor(
    private readonly verifier: Verifier,
    remembered = 5_000,
  ) {
    this.known = new LRUCache({ max: remembered, ttl: 10 * 60 * 1000 });
  }

  /** @throws Fault `signature.invalid` or `signature.expired` */
  async verify<T extends object>(type: Exclude<EnvelopeType, 'certificate'>, envelope: string): Promise<Readonly<T>> {
    const key = `${type} ${envelope}`;
    const known = this.known.get(key);
    if (known !== undefined) return known as Promise<T>;
    const verified = this.verifier.verify<T>(type, envelope).then(Object.freeze) as Promise<T>;
    this.known.set(key, verified);
    // A refusal is not remembered: forgeries would push the good ones out.
    verified.catch(() => this.known.delete(key));
    return verified;
  }
}
