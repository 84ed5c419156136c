import { createHmac } from 'node:crypto';
import type { Secret } from '@fingerpost/platform';
import type { SecretStore } from './secret-store.ts';

/** Secrets from the environment, as the settings read them once: they stay the same until the next start. */
export class EnvStore implements SecretStore {
  private readonly values: ReadonlyMap<string, Secret>;
  private readonly fixedRevision: string;

  /** `revisionKey` is known to this service alone. */
  constructor(values: Readonly<Record<string, Secret>>, revisionKey: Uint8Array) {
    // Own fields only: a secret called `constructor` must not be there.
    this.values = new Map(Object.entries(values));
    const content = [...this.values]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, secret]) => [name, secret.reveal()]);
    this.fixedRevision = createHmac('sha256', revisionKey)
      .update(JSON.stringify(content))
      .digest('base64url')
      .slice(0, 22);
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
    return this.fixedRevision;
  }
}
