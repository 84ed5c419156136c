import { createHash } from 'node:crypto';
import type { Secret } from '@fingerpost/platform';
import type { SecretStore } from './secret-store.ts';

/** Several stores as one: the first that has a name answers. */
export class LayeredStore implements SecretStore {
  constructor(private readonly layers: readonly SecretStore[]) {}

  async read(name: string): Promise<Secret | undefined> {
    for (const layer of this.layers) {
      const secret = await layer.read(name);
      if (secret !== undefined) return secret;
    }
    return undefined;
  }

  async names(): Promise<string[]> {
    const names = await Promise.all(this.layers.map((layer) => layer.names()));
    return [...new Set(names.flat())].sort();
  }

  async revision(): Promise<string> {
    const revisions = await Promise.all(this.layers.map((layer) => layer.revision()));
    return createHash('sha256').update(JSON.stringify(revisions)).digest('base64url').slice(0, 22);
  }
}
