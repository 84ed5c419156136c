import { hash, randomUUID } from 'node:crypto';
import { type Fault, type KeeperNotice, type RunUse, secretsSubjects } from '@fingerpost/contracts';
import { askAgain, type Bus, type Unsubscribe } from '@fingerpost/platform';
import type { RunTally } from './run-tally.ts';

const SAY_EVERY_MS = 500;
/** So many notices of our own without one of theirs, and another counts as gone; counted, so that a pause of ours is one. */
const MOST_SILENT = 4;
const COUNTED_WITHIN_MS = 3_000;

/**
 * The secrets services that are there. A runner's calls reach any of them; what a run may use up is counted by one, its keeper, whom all
 * agree on without talking: of those that are there, the one whose name and the ticket's hash highest.
 */
export class Keepers {
  readonly id = randomUUID();
  /** the others, and how many notices of ours ago they were heard */
  private readonly others = new Map<string, number>();
  private stops: Unsubscribe[] = [];

  constructor(
    private readonly bus: Bus,
    private readonly tally: RunTally,
  ) {}

  start(): void {
    const saying = setInterval(() => this.beat(), SAY_EVERY_MS).unref();
    this.stops = [
      this.bus.answer(secretsSubjects.account(this.id), 'secrets', async ({ message }) => {
        this.tally.count(message as RunUse); // by our own kind: nobody else may say it
        return {};
      }),
      this.bus.subscribe(secretsSubjects.keeper, (notice) => this.hear(notice as KeeperNotice)),
      () => clearInterval(saying),
    ];
    this.say();
  }

  /** Those who stay keep our runs' accounts from now on. */
  leave(): void {
    this.say(true);
    for (const stop of this.stops) stop();
  }

  /** @throws Fault as `RunTally.count` does, or `bus.*` when its keeper does not answer: a call that nobody counts is not made */
  count(use: RunUse): Promise<void> {
    return askAgain(COUNTED_WITHIN_MS, (timeoutMs) => this.countOnce(use, timeoutMs));
  }

  // Asked again because its answer was lost, a keeper may count the same use twice: less is left to the run, never more.
  private async countOnce(use: RunUse, timeoutMs: number): Promise<void> {
    const keeper = this.keeperOf(use.jti);
    if (keeper === this.id) return this.tally.count(use);
    try {
      await this.bus.request(secretsSubjects.account(keeper), use, { timeoutMs });
    } catch (error) {
      if (this.isGone(keeper, error)) this.others.delete(keeper);
      throw error;
    }
  }

  // A lost answer alone says nothing of it: perhaps our own connection broke. One that missed a notice, too, is passed over.
  private isGone(keeper: string, error: unknown): boolean {
    const { code } = error as Partial<Fault>;
    return code === 'bus.nobody_answers' || (code === 'bus.lost' && (this.others.get(keeper) ?? 0) > 1);
  }

  private keeperOf(jti: string): string {
    let keeper = { id: '', weight: '' };
    for (const id of [this.id, ...this.others.keys()]) {
      const weight = hash('sha256', `${id} ${jti}`);
      if (weight > keeper.weight) keeper = { id, weight };
    }
    return keeper.id;
  }

  private hear({ id, isLeaving }: KeeperNotice): void {
    if (id === this.id) return;
    const isNew = !this.others.has(id);
    if (isLeaving === true) this.others.delete(id);
    else this.others.set(id, 0);
    if (isNew && isLeaving !== true) this.say(); // so that it knows us at once
  }

  private beat(): void {
    for (const [id, silent] of this.others)
      if (silent >= MOST_SILENT) this.others.delete(id);
      else this.others.set(id, silent + 1);
    this.say();
  }

  private say(isLeaving?: boolean): void {
    this.bus.publish(secretsSubjects.keeper, { id: this.id, isLeaving } satisfies KeeperNotice);
  }
}
