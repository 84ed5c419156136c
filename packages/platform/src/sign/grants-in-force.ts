import { randomUUID } from 'node:crypto';
import { type EpochNotice, Fault, type Grant, type GrantList, registrySubjects } from '@fingerpost/contracts';
import type { Bus, Unsubscribe } from '../bus/bus.ts';
import { readBytes } from '../bus/read-bytes.ts';
import type { Log } from '../log/log.ts';
import { watchGauge } from '../metrics/watched.ts';
import type { Verifier } from './signed-envelope.ts';

const STALE_AFTER_MS = 30_000;
/** Whoever swallows the notices delays what we hear by no more than this. */
const ASK_AGAIN_MS = 2_500;
const LIST_BYTES = 50_000_000;
const AGE_HELP = 'How old the registry’s signed word on what is in force is here; at 30 nothing runs.';

interface Known {
  epoch: number;
  revisions: Record<string, number>;
}

/**
 * Which grants count at this moment, by the registry's signed list. Notices on the bus are not signed: they only make us ask. Only a
 * list that we fetched ourselves counts as word from the registry, and none that is older than one we have seen.
 */
export class GrantsInForce {
  private list: Known | undefined;
  private announcedEpoch: number | undefined;
  private heardAt = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | undefined;
  private readonly unsubscribe: Unsubscribe;
  private readonly unwatch: () => void;
  private readonly timer: NodeJS.Timeout;

  /** @param onHeard told the list's epoch, each time that the registry has answered */
  constructor(
    private readonly bus: Bus,
    private readonly verifier: Verifier,
    private readonly log: Log,
    private readonly now: () => number = () => performance.now(),
    private readonly onHeard: (epoch: number) => void = () => {},
  ) {
    this.unsubscribe = bus.subscribe(registrySubjects.epoch, (notice) => this.hearOf((notice as EpochNotice).epoch));
    this.timer = setInterval(() => void this.ask(), ASK_AGAIN_MS).unref();
    this.unwatch = watchGauge('fingerpost_grants_age_seconds', AGE_HELP, () => (this.now() - this.heardAt) / 1_000);
  }

  /** @throws Fault `secrets.stale` or `grant.revoked` */
  async assure(grant: Grant): Promise<void> {
    // A grant that is newer than our list: the notice of it may still be on its way. Twice, because the first question may have been
    // on its way already when the grant came into force.
    for (let asked = 0; asked < 2 && (!this.isFresh() || this.revisionOf(grant.digest) < grant.revision); asked++)
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
    if (this.revisionOf(grant.digest) !== grant.revision)
      throw new Fault('grant.revoked', `The grant of integration "${grant.name}" is no longer in force.`);
  }

  /** Whether this grant counts, as far as is known; nothing does after 30 s of silence. */
  has(digest: string, revision: number): boolean {
    return this.isFresh() && this.revisionOf(digest) === revision;
  }

  /** Somebody says that there is a later epoch: a hint, that makes us ask. */
  async hearOf(epoch: number): Promise<void> {
    if (!Number.isSafeInteger(epoch) || epoch <= (this.list?.epoch ?? -1)) return;
    this.announcedEpoch = Math.max(epoch, this.announcedEpoch ?? 0);
    await this.ask();
    if (this.announcedEpoch !== undefined) await this.ask(); // the last question was on its way already
  }

  /** One question at a time; a failed one is asked again at the next notice. */
  ask(): Promise<void> {
    this.asking ??= this.fetch()
      .catch((error) => this.log.debug({ err: error }, 'no list of grants from the registry'))
      .finally(() => (this.asking = undefined));
    return this.asking;
  }

  close(): void {
    this.unsubscribe();
    this.unwatch();
    clearInterval(this.timer);
  }

  private isFresh(): boolean {
    return this.now() - this.heardAt <= STALE_AFTER_MS;
  }

  private revisionOf(digest: string): number {
    const revisions = this.list?.revisions;
    return revisions !== undefined && Object.hasOwn(revisions, digest) ? revisions[digest]! : -1;
  }

  // What was announced goes along: a replica that is behind looks into its database first. If that has no such epoch either, nobody
  // will hear of it again.
  private async fetch(): Promise<void> {
    const nonce = randomUUID();
    const [askedAt, epoch, known] = [this.now(), this.announcedEpoch, this.list?.epoch];
    this.announcedEpoch = undefined;
    const answer = this.bus.call(registrySubjects.grants, { nonce, epoch, known }, { timeoutMs: 5_000 });
    const list = await this.verifier.verify<GrantList>(
      'grant-list',
      (await readBytes(answer.body, LIST_BYTES, tooLarge)).toString(),
    );
    // A list that was signed for somebody's earlier question is a replay.
    if (list.nonce !== nonce) return this.refuse('answers another question than ours');
    if (!Number.isSafeInteger(list.epoch)) return this.refuse('has no epoch');
    if (this.list !== undefined && list.epoch < this.list.epoch) return this.refuse('is older than one seen before');
    if (list.revisions === undefined && list.epoch !== this.list?.epoch) return this.refuse('leaves out what we lack');
    this.list = { epoch: list.epoch, revisions: list.revisions ?? this.list!.revisions };
    // As old as the registry's own knowledge: it may have lost sight of its database.
    this.heardAt = Math.max(this.heardAt, askedAt - Math.max(0, list.ageMs ?? 0));
    this.onHeard(list.epoch);
  }

  private refuse(why: string): void {
    this.log.warn(`refused a list of grants: it ${why}`);
  }
}

const tooLarge = () => new Fault('bus.too_large', 'The list of grants is too large.');
