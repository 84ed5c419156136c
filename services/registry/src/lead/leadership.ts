import { setTimeout as sleep } from 'node:timers/promises';
import { type Log, metrics } from '@fingerpost/platform';
import { type Database, type HeldLock, reasonOf } from '@fingerpost/platform/database';

const LEADING = 7_310_002;
const AGAIN_MS = 1_000;
const leads = metrics.gauge({ name: 'fingerpost_registry_leader', help: '1 while this replica leads.' });

/** What a leader does, until it is closed or over by itself. */
export interface Term {
  readonly over: AbortSignal;
  close(): Promise<void>;
}

/**
 * Of all replicas one leads: it reads the source and writes the catalogue. The lock lives as long as its holder's connection; whoever was
 * only slow and comes back finds that what it writes is refused, for another term has begun.
 */
export class Leadership {
  private readonly closing = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly begin: () => Promise<Term>,
    /** another one leads */
    private readonly onFollowing: () => void,
    private readonly log: Log,
  ) {}

  start(): void {
    this.running = this.run();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.closing.signal.aborted) {
      try {
        const lock = await this.database.holdLock(LEADING);
        if (lock === undefined) this.onFollowing();
        else await this.lead(lock);
      } catch (error) {
        this.log.debug(`cannot ask who leads: ${reasonOf(error)}`);
      }
      await sleep(AGAIN_MS, undefined, { signal: this.closing.signal }).catch(() => {});
    }
  }

  private async lead(lock: HeldLock): Promise<void> {
    try {
      const term = await this.begin();
      leads.set(1);
      await anyOf([lock.lost, term.over, this.closing.signal]);
      await term.close();
    } finally {
      leads.set(0);
      await lock.release();
    }
    if (!this.closing.signal.aborted) this.log.warn('no longer the leader: the source is left to another replica');
  }
}

function anyOf(signals: AbortSignal[]): Promise<void> {
  const any = AbortSignal.any(signals);
  return new Promise((resolve) => {
    if (any.aborted) resolve();
    else any.addEventListener('abort', () => resolve(), { once: true });
  });
}
