import { Fault } from '@fingerpost/contracts';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { SharedCounts } from './shared-counts.ts';

export interface Allowance {
  limit: number;
  remaining: number;
  resetSeconds: number;
}

const WINDOW_SECONDS = 60;

/** How often one caller may ask in a minute, of all gateways that share their counts. Whoever is nobody yet is counted by address. */
export class CallerLimit {
  private readonly limiter: RateLimiterMemory | undefined;

  constructor(
    private readonly perMinute: number,
    private readonly shared?: SharedCounts,
  ) {
    if (perMinute === 0) return;
    const limiter = new RateLimiterMemory({ points: perMinute, duration: WINDOW_SECONDS });
    this.limiter = limiter;
    shared?.hear((caller, times) => void limiter.penalty(caller, times).catch(() => {}));
  }

  /** @throws Fault `request.rate_limited` whose detail says when to come back */
  async take(caller: string): Promise<Allowance | undefined> {
    if (this.limiter === undefined) return undefined;
    this.shared?.count(caller);
    try {
      return this.allowance(await this.limiter.consume(caller));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const { resetSeconds } = this.allowance(refusal);
      throw new Fault(
        'request.rate_limited',
        `More than ${this.perMinute} requests in a minute. Try again in ${resetSeconds} s.`,
        { detail: { limit: this.perMinute, retryAfterSeconds: resetSeconds } },
      );
    }
  }

  private allowance(state: RateLimiterRes): Allowance {
    return {
      limit: this.perMinute,
      remaining: Math.max(0, state.remainingPoints),
      resetSeconds: Math.max(1, Math.ceil(state.msBeforeNext / 1_000)),
    };
  }
}
