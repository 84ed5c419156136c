import { Fault, type RunLimits, type RunUse, type Ticket } from '@fingerpost/contracts';
import type { Secret } from '@fingerpost/platform';

/** All bodies of a run, both ways: so many times what one call may have. */
const WHOLE_RUN = 10;
const RUNS_AT_ONCE = 200_000;

/** Adds to what a run has used. @throws Fault when that is too much, or the ticket is not this runner's */
export type CountUse = (use: RunUse) => Promise<void>;

/** What this secrets service knows of one run. How much it has used is counted where its account is kept (`keepers.ts`). */
export class RunAccount {
  /** every value that has left for this run: what comes back is searched for them */
  readonly lent = new Set<Secret>();
  /** of each secret the value that the run read first: it goes on with that */
  readonly first = new Map<string, Secret>();
  isOver = false;

  constructor(
    /** the ticket's `jti` */
    readonly id: string,
    readonly runnerId: string,
    readonly forgetAt: number,
    private readonly limits: RunLimits,
    private readonly count: CountUse,
  ) {}

  /** @throws Fault `ticket.spent` */
  checkGoing(): void {
    if (this.isOver) throw new Fault('ticket.spent', 'The run is over, and its ticket is good for nothing more.');
  }

  /** @throws Fault `run.too_many_calls`, or as `checkGoing` and `RunLedger.open` do */
  countCall(): Promise<void> {
    return this.use(1, 0);
  }

  /** @throws Fault `outbound.too_large`, or as `countCall` does */
  async countBytes(bytes: number): Promise<void> {
    if (bytes > 0) await this.use(0, bytes);
  }

  private use(calls: number, bytes: number): Promise<void> {
    const { id: jti, runnerId, forgetAt, limits } = this;
    const mostBytes = WHOLE_RUN * (limits.requestBytes + limits.responseBytes);
    return this.count({ jti, runnerId, forgetAt, calls, bytes, mostCalls: limits.calls, mostBytes });
  }
}

/** The runs that have made calls here. Kept until their tickets can no longer be used. */
export class RunLedger {
  private readonly accounts = new Map<string, RunAccount>();

  constructor(
    private readonly count: CountUse,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws Fault `ticket.invalid` for another runner than the first, `ticket.spent` when that one has said that the run is over */
  open(ticket: Ticket, runnerId: string, limits: RunLimits, forgetAt: number): RunAccount {
    const known = this.accounts.get(ticket.jti) ?? this.add(ticket.jti, runnerId, limits, forgetAt);
    if (known.runnerId !== runnerId)
      throw new Fault('ticket.invalid', 'The ticket belongs to a run on another runner.');
    known.checkGoing();
    return known;
  }

  /** @returns whether there was such a run on that runner: nobody ends another's */
  end(jti: string, runnerId: string): boolean {
    const known = this.accounts.get(jti);
    if (known === undefined || known.runnerId !== runnerId) return false;
    known.isOver = true;
    known.first.clear();
    return true;
  }

  private add(jti: string, runnerId: string, limits: RunLimits, forgetAt: number): RunAccount {
    this.forget();
    if (this.accounts.size >= RUNS_AT_ONCE)
      throw new Fault('request.rate_limited', 'Too many runs at once; try again in a moment.');
    const account = new RunAccount(jti, runnerId, forgetAt, limits, this.count);
    this.accounts.set(jti, account);
    return account;
  }

  // The oldest stand first; stopping at the first that still counts keeps this cheap.
  private forget(): void {
    for (const [jti, account] of this.accounts) {
      if (account.forgetAt > this.now()) return;
      this.accounts.delete(jti);
    }
  }
}
