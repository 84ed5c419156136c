import { createHash } from 'node:crypto';
import { Fault, registrySubjects } from '@fingerpost/contracts';
import type { Bus } from '@fingerpost/platform';
import { LRUCache } from 'lru-cache';

const MOST_BUNDLE_BYTES = 20_000_000;
const TIMEOUT_MS = 5_000;

/** Code and data by digest. What the bus delivers counts only if it has the digest that was asked for. */
export class BundleStore {
  private readonly texts = new LRUCache<string, Promise<string>>({ max: 2_000 });

  constructor(private readonly bus: Bus) {}

  /** @throws Fault `bundle.not_found`, `bus.*` */
  read(digest: string, signal?: AbortSignal): Promise<string> {
    const known = this.texts.get(digest);
    if (known !== undefined) return known;
    const fetched = this.fetch(digest, signal);
    this.texts.set(digest, fetched);
    fetched.catch(() => this.texts.delete(digest));
    return fetched;
  }

  private async fetch(digest: string, signal?: AbortSignal): Promise<string> {
    const hash = createHash('sha256');
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of this.bus.call(registrySubjects.bundle, { digest }, { timeoutMs: TIMEOUT_MS, signal })
      .body) {
      length += chunk.byteLength;
      if (length > MOST_BUNDLE_BYTES)
        throw new Fault('bundle.not_found', `Bundle ${digest} is larger than ${MOST_BUNDLE_BYTES} bytes.`);
      hash.update(chunk);
      chunks.push(chunk);
    }
    if (hash.digest('hex') !== digest)
      throw new Fault('bundle.not_found', `What came for bundle ${digest} is something else.`);
    return Buffer.concat(chunks).toString('utf8');
  }
}
