import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, type InspectReply, isFault, runnerSubjects } from '@fingerpost/contracts';
import type { Body, Bus, Log } from '@fingerpost/platform';
import { slots } from './slots.ts';

const AT_A_TIME = 4;
const TIMEOUT_MS = 15_000;
const MOST_KNOWN = 20_000;

// Nobody to ask: that passes. The others may be this code's doing, so they are believed after a few tries.
const WAIT_FOR: readonly ErrorCode[] = ['bus.nobody_answers', 'runner.full', 'bus.contract_mismatch'];
const TRY_AGAIN: readonly ErrorCode[] = ['bus.timed_out', 'bus.lost', 'run.disturbed', 'internal'];
const MOST_TRIES = 3;

/** Asks runners what code says of itself. Metadata is code: it is evaluated behind their walls, never in this process. */
export class Inspector {
  private readonly known = new Map<string, InspectReply>();
  private readonly inSlot = slots(AT_A_TIME);
  private isWaiting = false;

  constructor(
    private readonly bus: Bus,
    private readonly log: Log,
  ) {}

  /** Waits for a runner as long as it takes. @throws Fault of the code itself, or the signal's reason */
  async inspect(digest: string, code: Uint8Array, signal: AbortSignal): Promise<InspectReply> {
    const known = this.known.get(digest);
    if (known !== undefined) return known;
    const reply = await this.inSlot(() => this.ask(code, signal));
    if (this.known.size >= MOST_KNOWN) this.known.delete(this.known.keys().next().value!);
    this.known.set(digest, reply);
    return reply;
  }

  private async ask(code: Uint8Array, signal: AbortSignal): Promise<InspectReply> {
    for (let tries = 1, pauseMs = 50; ; pauseMs = Math.min(2_000, pauseMs * 2)) {
      signal.throwIfAborted();
      try {
        const options = { timeoutMs: TIMEOUT_MS, signal, body: bodyOf(code) };
        const reply = await this.bus.request<InspectReply>(
          runnerSubjects.inspect,
          { codeBytes: code.byteLength },
          options,
        );
        this.isWaiting = false;
        return reply;
      } catch (error) {
        if (!isFault(error)) throw error;
        if (WAIT_FOR.includes(error.code)) this.sayThatWeWait(error.message);
        else if (!TRY_AGAIN.includes(error.code) || tries++ >= MOST_TRIES) throw error;
      }
      await sleep(pauseMs, undefined, { signal });
    }
  }

  private sayThatWeWait(reason: string): void {
    if (!this.isWaiting) this.log.info({ reason }, 'waiting for a runner to inspect new code');
    this.isWaiting = true;
  }
}

async function* bodyOf(code: Uint8Array): Body {
  yield code;
}
