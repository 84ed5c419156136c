import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@fingerpost/contracts';
import { LRUCache } from 'lru-cache';
import type { CatalogueStore } from '../store/catalogue-store.ts';

const BYTES = 32_000_000;
const AGAIN_MS = 200;

/** Bytes by digest, of code and of data. A few are at hand: runners keep what they run. */
export class Bundles {
  private readonly atHand = new LRUCache<string, Uint8Array>({
    maxSize: BYTES,
    sizeCalculation: (bytes) => bytes.length + 1,
  });

  constructor(private readonly store: CatalogueStore) {}

  /** Waits for a database that is away, as long as the asker does. @throws Fault `bundle.not_found` */
  async get(digest: string, signal: AbortSignal): Promise<Uint8Array> {
    const known = this.atHand.get(digest);
    if (known !== undefined) return known;
    const bytes = await untilItAnswers(() => this.store.bundle(digest), signal);
    if (bytes === undefined) throw new Fault('bundle.not_found', `No bundle has the digest ${digest}.`);
    this.atHand.set(digest, bytes);
    return bytes;
  }

  /** @throws Fault `bundle.not_found` */
  async sourceMap(digest: string, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = await untilItAnswers(() => this.store.sourceMap(digest), signal);
    if (bytes === undefined) throw new Fault('bundle.not_found', `No source map belongs to the digest ${digest}.`);
    return bytes;
  }
}

async function untilItAnswers<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  while (true) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted) throw error;
    }
    await sleep(AGAIN_MS, undefined, { signal });
  }
}
