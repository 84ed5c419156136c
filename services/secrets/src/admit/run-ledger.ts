import { Fault, type RunLimits, type Ticket } from '@fingerpost/contracts';
import type { Secret } from '@fingerpost/platform';

/** All bodies of a run, both ways: so many times what one call may have. */
const WHOLE_RUN = 10;
const RUNS_AT_ONCE = 200_000;

/** What one run has used up so far. */
export class RunAccount {
  /** every value that has left for this run: what comes back is searched for them */
  readonly lent = new Set<Secret>();
  /** of each secret the value that the run read first: it goes on with that */
  readonly first = new Map<string, Secret>();
  isOver = false;
  private calls = 0;
  private bytes = 0;

  constructor(
    /** the ticket's `jti` */
    readonly id: string,
    readonly runnerId: string,
    readonly forgetAt: number,
    private readonly limits: RunLimits,
  ) {}

  /** @throws Fault `ticket.spent` */
  checkGoing(): void {
    if (this.isOver) throw new Fault('ticket.spent', 'The run is over, and its ticket is good for nothing more.');
  }

  countCall(): void {
    // Turned around, so that a limit that is no number lets nothing through.
    if (!(++this.calls <= this.limits.calls))
      throw new Fault('run.too_many_calls', `The run made more than ${this.limits.calls} outbound calls.`);
  }

  countBytes(bytes: number): void {
    this.bytes += bytes;
    const limit = WHOLE_RUN * (this.limits.requestBytes + this.limits.responseBytes);
    if (!(this.bytes <= limit))
      throw new Fault('outbound.too_large', `The run’s calls moved more than ${limit} bytes.`);
  }
}

/**
 * Binds each ticket to the runner that used it first, and keeps its account until the ticket can no longer be used. An entry is never
 * dropped to make room: a forgotten ticket could be used by another runner, with a new budget.
 */
export class RunLedger {
  private readonly accounts = new Map<string, RunAccount>();

  constructor(private readonly now: () => number = Date.now) {}

  /** @throws Fault `ticket.invalid` for another runner than the first, `ticket.spent` when that one has said that the run is over */
  open(ticket: Ticket, runnerId: string, limits: RunLimits, forgetAt: number): RunAccount {
    const known = this.accounts.get(ticket.jti);
    if (known === undefined) return this.add(ticket.jti, new RunAccount(ticket.jti, runnerId, forgetAt, limits));
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

  private add(jti: string, account: RunAccount): RunAccount {
    this.forget();
    if (this.accounts.size >= RUNS_AT_ONCE)
      throw new Fault('request.rate_limited', 'Too many runs at once; try again in a moment.');
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
