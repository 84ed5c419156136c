import { randomUUID } from 'node:crypto';
import { type EpochNotice, Fault, type Grant, type GrantList, registrySubjects } from '@fingerpost/contracts';
import type { Bus, Unsubscribe } from '../bus/bus.ts';
import { readBytes } from '../bus/read-bytes.ts';
import type { Log } from '../log/log.ts';
import type { Verifier } from './signed-envelope.ts';

const STALE_AFTER_MS = 30_000;
const ASK_AGAIN_MS = 10_000;
const LIST_BYTES = 50_000_000;

/**
 * Which grants count at this moment, by the registry's signed list. Notices on the bus are not signed: they only make us ask. Only a
 * list that we fetched ourselves counts as word from the registry, and none that is older than one we have seen.
 */
export class GrantsInForce {
  private list: GrantList | undefined;
  private announcedEpoch = 0;
  private heardAt = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | undefined;
  private readonly unsubscribe: Unsubscribe;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly bus: Bus,
    private readonly verifier: Verifier,
    private readonly log: Log,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.unsubscribe = bus.subscribe(registrySubjects.epoch, (notice) => this.onNotice(notice as EpochNotice));
    this.timer = setInterval(() => void this.ask(), ASK_AGAIN_MS).unref();
  }

  /** @throws Fault `secrets.stale` or `grant.revoked` */
  async assure(grant: Grant): Promise<void> {
    // A grant that is newer than our list: the notice of it may still be on its way. Twice, because the first question may have been
    // on its way already when the grant came into force.
    for (let asked = 0; asked < 2 && (!this.isFresh() || this.revisionOf(grant) < grant.revision); asked++)
      await this.ask();
    this.check(grant);
  }

  /** The same without asking: for the middle of a call. */
  check(grant: Grant): void {
    if (!this.isFresh())
      throw new Fault(
        'secrets.stale',
        'The registry has been silent for 30 s: what it may have revoked is unknown, and nothing runs or calls until it speaks.',
      );
    if (this.revisionOf(grant) !== grant.revision)
      throw new Fault('grant.revoked', `The grant of integration "${grant.name}" is no longer in force.`);
  }

  close(): void {
    this.unsubscribe();
    clearInterval(this.timer);
  }

  private isFresh(): boolean {
    return this.now() - this.heardAt <= STALE_AFTER_MS;
  }

  private revisionOf(grant: Grant): number {
    const revisions = this.list?.revisions;
    return revisions !== undefined && Object.hasOwn(revisions, grant.digest) ? revisions[grant.digest]! : -1;
  }

  private async onNotice({ epoch }: EpochNotice): Promise<void> {
    if (!Number.isSafeInteger(epoch)) return;
    this.announcedEpoch = epoch;
    if (epoch !== this.list?.epoch) await this.ask();
  }

  // One question at a time; a failed one is asked again at the next notice.
  private ask(): Promise<void> {
    this.asking ??= this.fetch()
      .catch((error) => this.log.debug({ err: error }, 'no list of grants from the registry'))
      .finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async fetch(): Promise<void> {
    const nonce = randomUUID();
    const answer = this.bus.call(registrySubjects.grants, { nonce }, { timeoutMs: 5_000 });
    const list = await this.verifier.verify<GrantList>(
      'grant-list',
      (await readBytes(answer.body, LIST_BYTES, tooLarge)).toString(),
    );
    // A list that was signed for somebody's earlier question is a replay.
    if (list.nonce !== nonce) return this.refuse('answers another question than ours');
    if (!Number.isSafeInteger(list.epoch)) return this.refuse('has no epoch');
    if (this.list !== undefined && list.epoch < this.list.epoch) return this.refuse('is older than one seen before');
    this.list = list;
    // Older than what was announced: kept, but no proof that we are up to date.
    if (list.epoch >= this.announcedEpoch) this.heardAt = this.now();
  }

  private refuse(why: string): void {
    this.log.warn(`refused a list of grants: it ${why}`);
  }
}

const tooLarge = () => new Fault('bus.too_large', 'The list of grants is too large.');
