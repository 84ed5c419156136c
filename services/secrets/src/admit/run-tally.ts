import { Fault, type RunUse } from '@fingerpost/contracts';

const RUNS_AT_ONCE = 200_000;

interface Used extends Pick<RunUse, 'runnerId' | 'calls' | 'bytes' | 'forgetAt'> {
  isOver: boolean;
}

/**
 * What runs have used up so far, and which runner used a ticket first. Kept until the ticket can no longer be used: an entry is never
 * dropped to make room, for a forgotten ticket could be used by another runner, with a new budget.
 */
export class RunTally {
  private readonly runs = new Map<string, Used>();

  constructor(private readonly now: () => number = Date.now) {}

  /** @throws Fault `ticket.invalid` for another runner than the first, `ticket.spent`, `run.too_many_calls`, `outbound.too_large` */
  count({ jti, runnerId, calls, bytes, forgetAt, mostCalls, mostBytes }: RunUse): void {
    const run = this.runs.get(jti) ?? this.add(jti, { runnerId, calls: 0, bytes: 0, forgetAt, isOver: false });
    if (run.runnerId !== runnerId) throw new Fault('ticket.invalid', 'The ticket belongs to a run on another runner.');
    if (run.isOver) throw new Fault('ticket.spent', 'The run is over, and its ticket is good for nothing more.');
    run.calls += calls;
    run.bytes += bytes;
    // Turned around, so that a limit that is no number lets nothing through.
    if (!(run.calls <= mostCalls))
      throw new Fault('run.too_many_calls', `The run made more than ${mostCalls} outbound calls.`);
    if (!(run.bytes <= mostBytes))
      throw new Fault('outbound.too_large', `The run’s calls moved more than ${mostBytes} bytes.`);
  }

  /** Nobody ends another's run. */
  end(jti: string, runnerId: string): void {
    const run = this.runs.get(jti);
    if (run?.runnerId === runnerId) run.isOver = true;
  }

  private add(jti: string, run: Used): Used {
    this.forget();
    if (this.runs.size >= RUNS_AT_ONCE)
      throw new Fault('request.rate_limited', 'Too many runs at once; try again in a moment.');
    this.runs.set(jti, run);
    return run;
  }

  // The oldest stand first; stopping at the first that still counts keeps this cheap.
  private forget(): void {
    for (const [jti, { forgetAt }] of this.runs) {
      if (forgetAt > this.now()) return;
      this.runs.delete(jti);
    }
  }
}
