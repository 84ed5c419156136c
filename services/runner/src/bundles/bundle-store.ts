import { hash } from 'node:crypto';
import { Fault, registrySubjects } from '@fingerpost/contracts';
import { askAgain, type Bus, readBytes } from '@fingerpost/platform';
import { LRUCache } from 'lru-cache';

const MOST_BUNDLE_BYTES = 20_000_000;
const MOST_CHARS = 200_000_000;
const TIMEOUT_MS = 5_000;

/** Code and data by digest. What the bus delivers counts only if it has the digest that was asked for. */
export class BundleStore {
  private readonly texts = new LRUCache<string, string>({
    maxSize: MOST_CHARS,
    sizeCalculation: ({ length }) => length + 1,
  });
  private readonly coming = new Map<string, Promise<string>>();

  constructor(private readonly bus: Bus) {}

  /** Many who ask share one fetch, so none of them can call it off. @throws Fault `bundle.not_found`, `bus.*` */
  async read(digest: string): Promise<string> {
    const known = this.texts.get(digest);
    if (known !== undefined) return known;
    const fetching =
      this.coming.get(digest) ??
      askAgain(TIMEOUT_MS, (timeoutMs) => this.fetch(digest, timeoutMs)).finally(() => this.coming.delete(digest));
    this.coming.set(digest, fetching);
    const text = await fetching;
    this.texts.set(digest, text);
    return text;
  }

  private async fetch(digest: string, timeoutMs: number): Promise<string> {
    const { body } = this.bus.call(registrySubjects.bundle, { digest }, { timeoutMs });
    const bytes = await readBytes(body, MOST_BUNDLE_BYTES, () =>
      notFound(`Bundle ${digest} is larger than ${MOST_BUNDLE_BYTES} bytes.`),
    );
    if (hash('sha256', bytes) !== digest) throw notFound(`What came for bundle ${digest} is something else.`);
    return bytes.toString('utf8');
  }
}

const notFound = (message: string) => new Fault('bundle.not_found', message);
