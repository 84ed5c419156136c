import type { Json } from '@fingerpost/contracts';
import { LRUCache } from 'lru-cache';
import { BOX_BYTES, entryOf, type IntegrationMemory, textOf } from './integration-memory.ts';

type Box = LRUCache<string, string>;

/**
 * In this process. A full box forgets its least recently used values; when all boxes together are too full, whole boxes go.
 */
export class ProcessMemory implements IntegrationMemory {
  private readonly boxes = new LRUCache<string, Box>({ max: 10_000 });

  constructor(private readonly bytes: number) {}

  async recall(digest: string, viewerScope: string, key: string): Promise<Json | undefined> {
    const text = this.boxes.get(digest)?.get(entryOf(viewerScope, key));
    return text === undefined ? undefined : JSON.parse(text);
  }

  async remember(
    digest: string,
    viewerScope: string,
    key: string,
    value: Json | undefined,
    ttlSeconds: number,
  ): Promise<void> {
    const box = this.boxOf(digest);
    const entry = entryOf(viewerScope, key);
    if (value === undefined || ttlSeconds === 0) return void box.delete(entry);
    box.set(entry, textOf(value, key), { ttl: ttlSeconds * 1_000 });
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
      maxSize: BOX_BYTES,
      sizeCalculation: (text, entry) => 2 * (text.length + entry.length) + 100,
    });
    this.boxes.set(digest, box);
    return box;
  }
}
