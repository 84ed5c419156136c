import { isFault, SECRET_NAME } from '@fingerpost/contracts';
import { unavailable, type VaultReply } from './vault-client.ts';
import type { VaultSession } from './vault-session.ts';

/** What KV v2 tells of a secret besides its values. */
export interface KvEntry {
  current_version: number;
  updated_time: string;
  versions: Readonly<Record<string, { created_time: string; deletion_time: string; destroyed: boolean }>>;
  custom_metadata: Readonly<Record<string, unknown>> | null;
}

const AT_ONCE = 8;

/** The secrets of one folder of a KV store, version 2. */
export class Kv {
  /** OpenBao tells the metadata of a whole folder in one answer; Vault wants to be asked name by name. */
  private tellsAllAtOnce = true;

  constructor(
    private readonly session: VaultSession,
    private readonly mount: string,
    private readonly prefix: string,
  ) {}

  /** For people and for the command line: `secret/fingerpost/GH_TOKEN`. */
  pathOf(name: string): string {
    return `${this.mount}/${this.inFolder(name)}`;
  }

  /** @throws Fault `secret.unavailable` */
  async list(): Promise<Map<string, KvEntry>> {
    const { status, data, errors } = await this.session.ask('LIST', this.metadata());
    if (status === 404 && errors.length === 0) return new Map();
    if (status !== 200) throw this.noKv(status);
    const all = this.tellsAllAtOnce ? await this.detailsOfAll() : undefined;
    if (all !== undefined) return onlySecrets(all);
    this.tellsAllAtOnce = false;
    return onlySecrets(await this.detailsOfEach(data.keys as string[]));
  }

  /** The fields of one version; `undefined` where it was deleted meanwhile. @throws Fault `secret.unavailable` */
  async read(name: string, version: number): Promise<Record<string, unknown> | undefined> {
    const path = `${this.mount}/data/${this.inFolder(name)}?version=${version}`;
    const { status, data } = await this.session.ask('GET', path);
    if (status === 404) return undefined;
    if (status !== 200) throw this.noKv(status);
    return data.data as Record<string, unknown>;
  }

  private async detailsOfAll(): Promise<[string, KvEntry][] | undefined> {
    const path = `${this.mount}/detailed-metadata/${this.prefix}`;
    const reply: VaultReply | undefined = await this.session.ask('LIST', path).catch((error) => {
      if (isFault(error) && error.detail?.isDenied === true) return undefined;
      throw error;
    });
    return reply?.status === 200 ? Object.entries(reply.data.key_info as Record<string, KvEntry>) : undefined;
  }

  private async detailsOfEach(keys: string[]): Promise<[string, KvEntry][]> {
    const entries: [string, KvEntry][] = [];
    const left = keys.filter((key) => SECRET_NAME.test(key));
    const worker = async () => {
      for (let name = left.pop(); name !== undefined; name = left.pop()) {
        const { status, data } = await this.session.ask('GET', this.metadata(name));
        if (status === 200) entries.push([name, data as unknown as KvEntry]);
        else if (status !== 404) throw this.noKv(status);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return entries;
  }

  private metadata(name?: string): string {
    return `${this.mount}/metadata/${name === undefined ? this.prefix : this.inFolder(name)}`;
  }

  private inFolder(name: string): string {
    return this.prefix === '' ? name : `${this.prefix}/${name}`;
  }

  private noKv(status: number) {
    return unavailable(
      `has no KV store of version 2 at ${this.mount} (${status}); look at FINGERPOST_VAULT_MOUNT and VAULT_NAMESPACE`,
    );
  }
}

const onlySecrets = (entries: [string, KvEntry][]): Map<string, KvEntry> =>
  new Map(entries.filter(([name]) => SECRET_NAME.test(name)).sort(([a], [b]) => (a < b ? -1 : 1)));
