import { createHash } from 'node:crypto';
import type { Secret } from '@fingerpost/platform';
import type { ForRun, SecretStore } from './secret-store.ts';
import type { StoredBinding } from './stored-binding.ts';

/** Several stores as one: the first that has a name answers, and those behind it are not asked. */
export class LayeredStore implements SecretStore {
  constructor(private readonly layers: readonly SecretStore[]) {}

  async read(name: string, run: ForRun): Promise<Secret | undefined> {
    for (const layer of this.layers) {
      const secret = await layer.read(name, run);
      if (secret !== undefined) return secret;
    }
    return undefined;
  }

  async has(name: string): Promise<boolean> {
    for (const layer of this.layers) if (await layer.has(name)) return true;
    return false;
  }

  async names(): Promise<string[]> {
    const names = await Promise.all(this.layers.map((layer) => layer.names()));
    return [...new Set(names.flat())].sort();
  }

  async revision(): Promise<string> {
    const revisions = await Promise.all(this.layers.map((layer) => layer.revision()));
    return createHash('sha256').update(JSON.stringify(revisions)).digest('base64url').slice(0, 22);
  }

  // Those that bind nothing answer first, or have not got it.
  async binding(name: string): Promise<StoredBinding | undefined> {
    for (const layer of this.layers) {
      if (layer.binding !== undefined) return layer.binding(name);
      if (await layer.has(name)) return undefined;
    }
    return undefined;
  }

  outage(): string | undefined {
    for (const layer of this.layers) {
      const outage = layer.outage?.();
      if (outage !== undefined) return outage;
    }
    return undefined;
  }

  placeOf(name: string): string | undefined {
    for (const layer of this.layers) {
      const place = layer.placeOf?.(name);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  release(runId: string): void {
    for (const layer of this.layers) layer.release?.(runId);
  }

  async close(): Promise<void> {
    for (const layer of this.layers) await layer.close?.();
  }
}
