import { createHash } from 'node:crypto';
import { Fault, isFault } from '@fingerpost/contracts';
import { type Log, Secret } from '@fingerpost/platform';
import { type KnownSecret, knownSecret } from '../vault/known-secret.ts';
import type { Kv } from '../vault/kv.ts';
import type { Leases } from '../vault/leases.ts';
import { unavailable } from '../vault/vault-client.ts';
import type { ForRun, SecretStore } from './secret-store.ts';
import type { StoredBinding } from './stored-binding.ts';

/** A change is seen within twice this. */
const LOOK_EVERY_MS = 1_000;
/** Without word from Vault for so long, what we know does not count any more. */
const FRESH_MS = 5_000;
const FIELD = 'value';

interface Snapshot {
  secrets: ReadonlyMap<string, KnownSecret>;
  revision: string;
  /** when we asked, by the clock that never jumps */
  at: number;
}

export interface VaultParts {
  kv: Kv;
  leases: Leases;
  /** mounts from which secrets may be made for a run */
  dynamicMounts: readonly string[];
  log: Log;
}

/**
 * Secrets in Vault or OpenBao: names, versions and bindings are looked at every second, by one question however many read; a value is
 * fetched once for each version and forgotten when Vault has been silent for 5 s. One loop asks: while Vault is away nobody else does.
 */
export class VaultStore implements SecretStore {
  private snapshot: Snapshot = { secrets: new Map(), revision: 'nothing seen', at: Number.NEGATIVE_INFINITY };
  private readonly values = new Map<string, { mark: string; value: Promise<Secret | undefined> }>();
  private trouble: Fault | undefined;
  private readonly firstLook: Promise<void>;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly parts: VaultParts) {
    this.firstLook = this.watch();
  }

  async read(name: string, run: ForRun): Promise<Secret | undefined> {
    await this.firstLook;
    const held = await this.heldBy(run, name);
    if (held !== undefined) return held;
    const known = this.fresh().get(name);
    const dynamic = known?.terms().dynamic;
    if (known === undefined || dynamic === undefined) return known && this.value(name, known);
    this.checkMount(name, dynamic.path);
    return this.parts.leases.take(run, dynamic.path, dynamic.field);
  }

  async has(name: string): Promise<boolean> {
    await this.firstLook;
    return this.fresh().get(name)?.isThere === true;
  }

  async names(): Promise<string[]> {
    await this.firstLook;
    return [...this.fresh()].flatMap(([name, { isThere }]) => (isThere ? [name] : []));
  }

  async revision(): Promise<string> {
    await this.firstLook;
    return this.snapshot.revision;
  }

  /** What was last seen holds also while Vault is away: bounds of what a run was lent before. */
  async binding(name: string): Promise<StoredBinding | undefined> {
    await this.firstLook;
    return this.snapshot.secrets.get(name)?.terms().binding;
  }

  placeOf(name: string): string {
    return `the field "${FIELD}" of ${this.parts.kv.pathOf(name)} in Vault`;
  }

  outage(): string | undefined {
    return this.trouble?.message;
  }

  release(runId: string): void {
    this.parts.leases.end(runId);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.parts.leases.close();
  }

  private async watch(): Promise<void> {
    await this.look();
    if (!this.isClosed) this.timer = setTimeout(() => void this.watch(), LOOK_EVERY_MS).unref();
  }

  private async look(): Promise<void> {
    const at = performance.now();
    try {
      const entries = await this.parts.kv.list();
      const revision = createHash('sha256')
        .update(JSON.stringify([...entries]))
        .digest('base64url')
        .slice(0, 22);
      const secrets = new Map(
        [...entries].map(([name, entry]) => [name, knownSecret(name, this.parts.kv.pathOf(name), entry)]),
      );
      this.snapshot = { secrets, revision, at };
      this.onAnswer();
    } catch (error) {
      this.onTrouble(isFault(error) ? error : unavailable('answered in a way that is not understood', error));
    }
  }

  private onAnswer(): void {
    for (const [name, { mark }] of this.values)
      if (this.snapshot.secrets.get(name)?.mark !== mark) this.values.delete(name);
    if (this.trouble !== undefined) this.parts.log.info('Vault answers again');
    this.trouble = undefined;
  }

  // Said once for each kind of trouble.
  private onTrouble(trouble: Fault): void {
    if (this.trouble?.message !== trouble.message)
      this.parts.log.error({ err: trouble }, 'the secrets in Vault cannot be looked at');
    this.trouble = trouble;
    if (!this.isFresh()) this.values.clear();
  }

  private isFresh(): boolean {
    return performance.now() - this.snapshot.at <= FRESH_MS;
  }

  private fresh(): ReadonlyMap<string, KnownSecret> {
    if (this.isFresh()) return this.snapshot.secrets;
    throw this.trouble ?? unavailable('has not been heard of for a while');
  }

  private async heldBy(run: ForRun, name: string): Promise<Secret | undefined> {
    const dynamic = this.snapshot.secrets.get(name)?.terms().dynamic;
    return dynamic && this.parts.leases.held(run, dynamic.path, dynamic.field);
  }

  /** Whoever may write metadata must not have us read whatever our token may read. */
  private checkMount(name: string, path: string): void {
    if (this.parts.dynamicMounts.some((mount) => path.startsWith(`${mount}/`))) return;
    throw unusable(name, `is to be made by ${path}, and FINGERPOST_VAULT_DYNAMIC does not name its mount`);
  }

  private async value(name: string, { mark, version }: KnownSecret): Promise<Secret | undefined> {
    if (version === undefined) return undefined;
    const kept = this.values.get(name);
    if (kept?.mark === mark) return kept.value;
    if (this.trouble !== undefined) throw this.trouble;
    const value = this.fetch(name, version);
    this.values.set(name, { mark, value });
    value.catch(() => this.values.delete(name));
    return value;
  }

  private async fetch(name: string, version: number): Promise<Secret | undefined> {
    const { kv } = this.parts;
    const fields = await kv.read(name, version);
    if (fields === undefined) return undefined;
    if (typeof fields[FIELD] === 'string') return new Secret(fields[FIELD]);
    throw unusable(
      name,
      `has no text in its field "${FIELD}"; write it with: bao kv put ${kv.pathOf(name)} ${FIELD}=-`,
    );
  }
}

const unusable = (name: string, why: string): Fault =>
  new Fault('secret.not_found', `The secret ${name} ${why}.`, { detail: { secret: name, names: [name] } });
