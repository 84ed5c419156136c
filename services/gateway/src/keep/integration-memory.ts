import { Fault, type Json } from '@fingerpost/contracts';
import { LRUCache } from 'lru-cache';

const VALUE_BYTES = 100_000;
const INTEGRATION_BYTES = 1_000_000;

type Box = LRUCache<string, string>;

/**
 * What integrations remember between runs. Each digest has a box of its own that no other code can open, and in it each viewer
 * scope its own keys. A full box forgets its least recently used values; when all boxes together are too full, whole boxes go.
 */
export class IntegrationMemory {
  private readonly boxes = new LRUCache<string, Box>({ max: 10_000 });

  constructor(private readonly bytes: number) {}

  recall(digest: string, viewerScope: string, key: string): Json | undefined {
    const text = this.boxes.get(digest)?.get(addressOf(viewerScope, key));
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Without a value, or for no time at all, it forgets. @throws Fault `request.too_large` */
  remember(digest: string, viewerScope: string, key: string, value: Json | undefined, ttlSeconds: number): void {
    const box = this.boxOf(digest);
    const address = addressOf(viewerScope, key);
    if (value === undefined || ttlSeconds === 0) return void box.delete(address);
    const text = JSON.stringify(value);
    if (Buffer.byteLength(text) > VALUE_BYTES)
      throw new Fault(
        'request.too_large',
        `cache.set: the value of "${key.slice(0, 80)}" is larger than ${VALUE_BYTES} bytes.`,
      );
    box.set(address, text, { ttl: ttlSeconds * 1_000 });
    while (this.usedBytes() > this.bytes && this.boxes.size > 1) this.boxes.pop();
  }

  usedBytes(): number {
    let used = 0;
    for (const box of this.boxes.values()) used += box.calculatedSize;
    return used;
  }

  private boxOf(digest: string): Box {
    const known = this.boxes.get(digest);
    if (known !== undefined) return known;
    const box: Box = new LRUCache({
      maxSize: INTEGRATION_BYTES,
      sizeCalculation: (text, address) => 2 * (text.length + address.length) + 100,
    });
    this.boxes.set(digest, box);
    return box;
  }
}

const addressOf = (viewerScope: string, key: string): string => JSON.stringify([viewerScope, key]);
