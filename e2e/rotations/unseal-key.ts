/** What docs/operations/keys.md says of what opens OpenBao, on a cluster that is in use. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '@fingerpost/local';

/** The one that people put in after each start: another share of the same root, while it runs. */
export async function newUnsealKey({ engines: { vault } }: Cluster): Promise<void> {
  const begun = await vault.send('POST', 'sys/rotate/root/init', { secret_shares: 1, secret_threshold: 1 });
  const { nonce } = begun.data as { nonce: string };
  const done = await vault.send('POST', 'sys/rotate/root/update', { nonce, key: vault.keys.unsealKey });
  const [unsealKey] = (done.data as { keys: string[] }).keys;
  vault.keys = { ...vault.keys, unsealKey: unsealKey! };
}

/** The key with which it opens by itself, as deploy/compose/openbao.hcl has it: first none, then one after another. */
export class SealKeys {
  private number = 0;

  constructor(private readonly cluster: Cluster) {}

  /** From keys that people put in to one of its own. */
  async begin(): Promise<void> {
    const { vault } = this.cluster.engines;
    const seal = sealBy(await this.make());
    await vault.configure((text) => text + seal);
    await vault.send('PUT', 'sys/unseal', { key: vault.keys.unsealKey, migrate: true });
    await vault.isOpen();
  }

  /** It opens by the one before, and is sealed by the new one from then on; at the next start the new one is enough. */
  async renew(): Promise<void> {
    const { vault } = this.cluster.engines;
    const before = keyOf(this.number, this.cluster);
    const now = await this.make();
    await vault.configure((text) => text.replace(SEAL, sealBy(now, before)));
    await vault.engine.child.says('upgrading stored keys'); // some time after it has opened
    await vault.configure((text) => text.replace(SEAL, sealBy(now)));
    await vault.isOpen();
  }

  private async make(): Promise<Key> {
    const key = keyOf(++this.number, this.cluster);
    await writeFile(key.file, randomBytes(32).toString('hex'), { mode: 0o600 });
    return key;
  }
}

interface Key {
  id: string;
  file: string;
}

const keyOf = (number: number, { addresses }: Cluster): Key => ({
  id: `${number}`,
  file: join(addresses.folder, `vault/unseal-key-${number}`),
});

const SEAL = /seal "static" \{[^}]*\}\n/;

const sealBy = (current: Key, previous?: Key): string => `seal "static" {
${which('current', current)}${previous === undefined ? '' : which('previous', previous)}}
`;

const which = (word: string, { id, file }: Key) => `  ${word}_key_id = "${id}"\n  ${word}_key = "file://${file}"\n`;
