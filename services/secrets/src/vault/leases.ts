import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@fingerpost/contracts';
import { type Log, Secret } from '@fingerpost/platform';
import type { ForRun } from '../store/secret-store.ts';
import { unavailable } from './vault-client.ts';
import type { VaultSession } from './vault-session.ts';

interface Lease {
  id: string;
  fields: ReadonlyMap<string, Secret>;
  /** Vault ends it by itself then; epoch milliseconds */
  endsAt: number;
}

/** Making a user in a database takes longer than reading. */
const MAKE_MS = 10_000;
const RETRY_MS = { first: 500, longest: 10_000 };
const LAST_TRY_MS = 3_000;

/**
 * What Vault makes for one run and for nobody else: asked for once for each path, so that user and password fit, and taken back when the
 * run is over, when its ticket's time is up, or when we stop; tried again until Vault has done it or the lease has ended by itself.
 */
export class Leases {
  private readonly byRun = new Map<string, { leases: Map<string, Promise<Lease>>; timer: NodeJS.Timeout }>();
  private readonly ending = new Set<Promise<void>>();
  private readonly closing = new AbortController();

  constructor(
    private readonly session: VaultSession,
    private readonly log: Log,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws Fault `secret.unavailable`, `ticket.spent` */
  async take(run: ForRun, path: string, field: string): Promise<Secret> {
    if (run.isOver === true) throw new Fault('ticket.spent', 'The run is over: nothing is made for it any more.');
    const { leases } = this.of(run);
    const lease = leases.get(path) ?? this.make(path);
    leases.set(path, lease);
    lease.catch(() => leases.delete(path));
    const value = (await lease).fields.get(field);
    if (value === undefined)
      throw new Fault('secret.not_found', `What ${path} in Vault makes has no field "${field}".`);
    return value;
  }

  /** What this run has of it already: that stays good while Vault is away. */
  async held(run: ForRun, path: string, field: string): Promise<Secret | undefined> {
    const lease = await this.byRun.get(run.id)?.leases.get(path);
    return lease !== undefined && lease.endsAt > this.now() ? lease.fields.get(field) : undefined;
  }

  end(runId: string): void {
    const run = this.byRun.get(runId);
    if (run === undefined) return;
    this.byRun.delete(runId);
    clearTimeout(run.timer);
    for (const lease of run.leases.values()) this.giveBack(lease);
  }

  async close(): Promise<void> {
    for (const runId of this.byRun.keys()) this.end(runId);
    const lastTry = setTimeout(() => this.closing.abort(), LAST_TRY_MS);
    await Promise.all(this.ending);
    clearTimeout(lastTry);
  }

  private of(run: ForRun) {
    const known = this.byRun.get(run.id);
    if (known !== undefined) return known;
    const untilMs = Math.max(0, run.forgetAt - this.now());
    const made = { leases: new Map(), timer: setTimeout(() => this.end(run.id), untilMs).unref() };
    this.byRun.set(run.id, made);
    return made;
  }

  private async make(path: string): Promise<Lease> {
    const { status, data, leaseId, leaseMs } = await this.session.ask('GET', path, { timeoutMs: MAKE_MS });
    // Without a lease it is no secret that was made for us: some other answer of Vault, our own token perhaps.
    if (status !== 200 || leaseId === '') throw unavailable(`made nothing at ${path} (${status})`);
    const fields = Object.entries(data).filter(([, value]) => typeof value === 'string');
    return {
      id: leaseId,
      fields: new Map(fields.map(([field, value]) => [field, new Secret(value as string)])),
      endsAt: this.now() + leaseMs,
    };
  }

  // One that is still being made is taken back when it is there.
  private giveBack(lease: Promise<Lease>): void {
    const ending = lease.then(
      (made) => this.revoke(made),
      () => {},
    );
    this.ending.add(ending);
    void ending.finally(() => this.ending.delete(ending));
  }

  private async revoke({ id, endsAt }: Lease): Promise<void> {
    for (let waitMs = RETRY_MS.first; this.now() < endsAt; waitMs = Math.min(RETRY_MS.longest, waitMs * 2)) {
      try {
        const body = { lease_id: id, sync: true };
        const { status } = await this.session.ask('PUT', 'sys/leases/revoke', { body, timeoutMs: MAKE_MS });
        if (status === 200 || status === 204) return;
        throw unavailable(`did not take a lease back (${status})`);
      } catch (error) {
        if (waitMs === RETRY_MS.first)
          this.log.warn({ err: error }, 'a lease of Vault is not taken back yet; trying again');
      }
      if (this.closing.signal.aborted) return;
      await sleep(waitMs, undefined, { signal: this.closing.signal, ref: false }).catch(() => {});
    }
  }
}
