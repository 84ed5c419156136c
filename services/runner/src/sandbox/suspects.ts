import { LRUCache } from 'lru-cache';

/** Two processes ended are no accident. */
const ENDS_BEFORE_PUT_ASIDE = 2;
/** Somebody on the machine may have killed so many that it was in. */
const ENDS_BY_CHANCE = 4;
const PUT_ASIDE_FOR_MS = 3_600_000;
/** A suspect that ends so many runs alone and in peace is none any more. */
const RUNS_ALONE = 3;
const MOST_DOUBLED = 3;
const MOST_KNOWN = 1_000;

/** Versions that have ended a sandbox process, and those that perhaps have, by digest. What was an hour ago is forgotten. */
export class Suspects {
  /** processes that each has ended, for certain */
  private readonly ended = remembered<number>();
  /** runs that each still has to end alone */
  private readonly alone = remembered<number>();
  /** how often each was suspected */
  private readonly suspected = remembered<number>();

  /** It was this one. */
  convict(digest: string): void {
    this.ended.set(digest, (this.ended.get(digest) ?? 0) + 1);
  }

  /**
   * It was one of them, or nobody in there. Who is there again has more to show: one that ends a process now and then is to be alone when it
   * does; and whoever is there time after time, and alone at last, was it.
   */
  suspect(digests: Iterable<string>): void {
    const those = new Set(digests);
    for (const digest of those) {
      const before = this.suspected.get(digest) ?? 0;
      if (those.size === 1 && before >= ENDS_BY_CHANCE) this.convict(digest);
      this.suspected.set(digest, before + 1);
      this.alone.set(digest, RUNS_ALONE * 2 ** Math.min(before, MOST_DOUBLED));
    }
  }

  /** It has ended a run alone and in peace. */
  acquit(digest: string): void {
    const more = (this.alone.get(digest) ?? 1) - 1;
    if (more === 0) this.alone.delete(digest);
    else this.alone.set(digest, more);
  }

  has(digest: string): boolean {
    return this.alone.has(digest) || this.ended.has(digest);
  }

  /** how many are */
  get putAside(): number {
    return [...this.ended.keys()].filter((digest) => this.isPutAside(digest)).length;
  }

  isPutAside(digest: string): boolean {
    return (this.ended.get(digest) ?? 0) >= ENDS_BEFORE_PUT_ASIDE;
  }
}

const remembered = <V extends {}>() => new LRUCache<string, V>({ max: MOST_KNOWN, ttl: PUT_ASIDE_FOR_MS });
