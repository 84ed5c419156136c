import { type Log, linkTo } from '@fingerpost/platform';
import { reasonOf } from '@fingerpost/platform/database';
import type { CatalogueStore } from '../store/catalogue-store.ts';
import type { Catalogue } from './catalogue.ts';

/** Word of a change comes by itself; this is for when it does not. */
const LOOK_MS = 1_000;
/** How long somebody who has heard of a later epoch waits for us to see it. */
const CATCH_UP_MS = 1_500;

/**
 * Keeps this replica's catalogue up with the store: at every word of a change and every second. While the store is away what was last seen
 * goes on to count, and how long ago that was is said with every list of grants.
 */
export class StoreFollower {
  private looking: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private isAway = false;
  private readonly link = linkTo('postgres');
  /** somebody has looked at the whole source */
  private isOpenThere = false;
  private mayOpen = false;
  private stop: () => void = () => {};

  constructor(
    private readonly store: CatalogueStore,
    private readonly catalogue: Catalogue,
    private readonly log: Log,
    private readonly onChange: () => void,
  ) {}

  start(): void {
    const unlisten = this.store.listen(() => void this.look());
    const timer = setInterval(() => void this.look(), LOOK_MS).unref();
    this.stop = () => {
      clearInterval(timer);
      unlisten();
    };
  }

  async close(): Promise<void> {
    this.stop();
    await this.looking;
  }

  /** What the store has is the whole of it: nobody here is about to look at the source for the first time. */
  open(): void {
    this.mayOpen = true;
    void this.look();
  }

  /** Sees whatever is in the store at this moment. */
  look(): Promise<void> {
    if (this.looking === undefined) return this.begin();
    // The one under way may have read already.
    this.next ??= this.looking.then(() => {
      this.next = undefined;
      return this.begin();
    });
    return this.next;
  }

  /** An epoch that is not in the store either is nobody's: then the store's own counts. */
  async catchUpWith(epoch: number | undefined): Promise<void> {
    if (epoch === undefined || epoch <= this.catalogue.epoch) return;
    await Promise.race([this.look(), new Promise((resolve) => setTimeout(resolve, CATCH_UP_MS).unref())]);
  }

  /** How old what we know may be. */
  get ageMs(): number {
    return performance.now() - this.lookedAt;
  }

  private begin(): Promise<void> {
    this.looking = this.read()
      .then(
        () => this.sayBack(),
        (error) => this.sayAway(error),
      )
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async read(): Promise<void> {
    const beganAt = performance.now();
    const loaded = await this.store.load(this.catalogue.seen);
    this.lookedAt = beganAt;
    if (loaded !== undefined) {
      this.catalogue.apply(loaded);
      this.isOpenThere = loaded.isOpen;
    }
    if (this.mayOpen && this.isOpenThere) this.catalogue.open();
    if (loaded !== undefined) this.onChange();
  }

  private sayAway(error: unknown): void {
    if (!this.isAway) this.log.warn(`the database is away (${reasonOf(error)}); serving what was last seen`);
    this.isAway = true;
    this.link(false);
  }

  private sayBack(): void {
    if (this.isAway) this.log.info('the database is back');
    this.isAway = false;
    this.link(true);
  }
}
