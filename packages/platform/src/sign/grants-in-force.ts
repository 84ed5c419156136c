import { type EpochNotice, Fault, type Grant, type GrantList, registrySubjects } from '@fingerpost/contracts';
import type { Bus, Unsubscribe } from '../bus/bus.ts';
import type { Log } from '../log/log.ts';
import type { Verifier } from './signed-envelope.ts';

/** Without a word from the registry for this long, nobody knows what has been revoked. */
const SILENCE_MS = 30_000;
const FETCH_TIMEOUT_MS = 5_000;

/**
 * Follows which grants hold. The registry says at every change, and every 2 s, which epoch it is; a new one means: fetch the signed list.
 * Only a list at least as new as the last one counts, so that a recorded one cannot bring a revoked grant back.
 */
export class GrantsInForce {
  private list: GrantList = { epoch: -1, revisions: {} };
  private heardAt = Number.NEGATIVE_INFINITY;
  private fetching: Promise<void> | undefined;
  private readonly unsubscribe: Unsubscribe;

  constructor(
    private readonly bus: Bus,
    private readonly verifier: Verifier,
    private readonly log: Log,
  ) {
    this.unsubscribe = bus.subscribe(registrySubjects.epoch, (notice) => this.hear(notice as EpochNotice));
  }

  /**
   * A grant newer than our list is fetched for: the gateway may have heard of it first.
   * @throws Fault `grant.revoked`, `secrets.stale`
   */
  async check(grant: Grant): Promise<void> {
    if (this.list.revisions[grant.digest] !== grant.revision) await this.fetch();
    if (performance.now() - this.heardAt > SILENCE_MS)
      throw new Fault(
        'secrets.stale',
        'The registry has been silent for 30 s: what it may have revoked is unknown. Is it running?',
      );
    if (this.list.revisions[grant.digest] !== grant.revision)
      throw new Fault(
        'grant.revoked',
        `The grant of "${grant.name}" (revision ${grant.revision}) is no longer in force.`,
      );
  }

  close(): void {
    this.unsubscribe();
  }

  private async hear(notice: EpochNotice): Promise<void> {
    if (notice.epoch !== this.list.epoch) await this.fetch();
    else this.heardAt = performance.now();
  }

  private fetch(): Promise<void> {
    this.fetching ??= this.fetchOnce().finally(() => {
      this.fetching = undefined;
    });
    return this.fetching;
  }

  private async fetchOnce(): Promise<void> {
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of this.bus.call(registrySubjects.grants, {}, { timeoutMs: FETCH_TIMEOUT_MS }).body)
        chunks.push(chunk);
      const list = await this.verifier.verify<GrantList>('grant-list', Buffer.concat(chunks).toString());
      if (list.epoch < this.list.epoch) return this.log.warn({ epoch: list.epoch }, 'ignored an old list of grants');
      this.list = list;
      this.heardAt = performance.now();
    } catch (error) {
      this.log.warn({ err: error }, 'could not fetch the grants in force');
    }
  }
}
