import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, isFault, runnerSubjects } from '@fingerpost/contracts';
import type { Bus } from '@fingerpost/platform';

const PAUSE_MS = 2_000;
const PAUSE_WHILE_NOBODY_MS = 250;
const TIMEOUT_MS = 1_000;
const NOBODY: readonly ErrorCode[] = ['bus.nobody_answers', 'bus.timed_out', 'bus.lost', 'bus.closed'];

/**
 * When a runner was last heard of. Runners publish nothing that gateways hear, so this asks as a run would, and without a ticket: whoever
 * refuses that is there. Asked by the clock and never by a caller: a gateway that gets no callers finds runners again.
 */
export class RunnersNews {
  private heardAt: number | undefined;
  private readonly closing = new AbortController();

  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    private readonly now: () => number = Date.now,
  ) {
    void this.follow();
  }

  silentForMs(): number {
    return this.heardAt === undefined ? Number.POSITIVE_INFINITY : this.now() - this.heardAt;
  }

  close(): void {
    this.closing.abort();
  }

  private async follow(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      const isThere = await this.isSomebodyThere();
      if (isThere) this.heardAt = this.now();
      await sleep(isThere ? PAUSE_MS : PAUSE_WHILE_NOBODY_MS, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  private async isSomebodyThere(): Promise<boolean> {
    try {
      await this.bus.request(runnerSubjects.run, {}, { timeoutMs: TIMEOUT_MS, signal: this.closing.signal });
      return true;
    } catch (error) {
      return isFault(error) && !NOBODY.includes(error.code) && !this.closing.signal.aborted;
    }
  }
}
