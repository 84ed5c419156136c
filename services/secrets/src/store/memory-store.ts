import { randomUUID } from 'node:crypto';
import { Secret } from '@fingerpost/platform';
import type { WritableSecretStore } from './secret-store.ts';

/** Forgets everything at the end: for tests. */
export class MemoryStore implements WritableSecretStore {
  private readonly values = new Map<string, Secret>();
  private current = randomUUID();

  constructor(values: Readonly<Record<string, string>> = {}) {
    for (const [name, value] of Object.entries(values)) this.values.set(name, new Secret(value));
  }

  async read(name: string): Promise<Secret | undefined> {
    return this.values.get(name);
  }

  async has(name: string): Promise<boolean> {
    return this.values.has(name);
  }

  async names(): Promise<string[]> {
    return [...this.values.keys()].sort();
  }

  async revision(): Promise<string> {
    return this.current;
  }

  async set(name: string, value: string): Promise<void> {
    this.values.set(name, new Secret(value));
    this.current = randomUUID();
  }

  async remove(name: string): Promise<boolean> {
    const wasThere = this.values.delete(name);
    if (wasThere) this.current = randomUUID();
    return wasThere;
  }
}
