import { setTimeout as sleep } from 'node:timers/promises';
import type { ContextAnswer } from '@fingerpost/contracts';

/** One question and what became of it. */
export interface Asked {
  nonce: string;
  atMs: number;
  tookMs: number;
  /** what was wrong, in a few words; nothing when the answer was whole and right */
  wrong?: string;
}

export interface LoadOptions {
  url: string;
  token: string;
  perSecond: number;
  /** the page that is asked about, new every time */
  page: (nonce: string) => object;
  /** what is wrong with this answer */
  judge: (answer: ContextAnswer, nonce: string) => string | undefined;
}

const GIVE_UP_MS = 30_000;

/** Asks so often a second whatever the answers do, until it is stopped: people do not wait for each other. */
export class Load {
  readonly asked: Asked[] = [];
  private readonly options: LoadOptions;
  private readonly inFlight = new Set<Promise<void>>();
  private readonly startedAt = performance.now();
  private readonly going: Promise<void>;
  private isStopped = false;

  constructor(options: LoadOptions) {
    this.options = options;
    this.going = this.go();
  }

  /** Waits for the last answers. */
  async stop(): Promise<Asked[]> {
    this.isStopped = true;
    await this.going;
    await Promise.all(this.inFlight);
    return this.asked;
  }

  get nowMs(): number {
    return performance.now() - this.startedAt;
  }

  private async go(): Promise<void> {
    for (let sent = 0; !this.isStopped; sent++) {
      const dueMs = (sent * 1_000) / this.options.perSecond;
      if (dueMs > this.nowMs) await sleep(dueMs - this.nowMs);
      const work = this.ask(`n${sent}-${Math.random().toString(36).slice(2)}`).finally(() =>
        this.inFlight.delete(work),
      );
      this.inFlight.add(work);
    }
  }

  private async ask(nonce: string): Promise<void> {
    const { url, token, page, judge } = this.options;
    const atMs = this.nowMs;
    const wrong = await fetch(`${url}/context`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(page(nonce)),
      signal: AbortSignal.timeout(GIVE_UP_MS),
    })
      .then(async (response) =>
        response.ok ? judge((await response.json()) as ContextAnswer, nonce) : `HTTP ${response.status}`,
      )
      .catch((error: Error) => [error.message, ...reasonsOf(error.cause)].join(': '));
    this.asked.push({ nonce, atMs, tookMs: this.nowMs - atMs, ...(wrong !== undefined && { wrong }) });
  }
}

/** Milliseconds below which so many of them (0 to 1) were answered. */
export function percentile(asked: readonly Asked[], part: number): number {
  const sorted = asked.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

// Node's own errors are none of the realm in which tests run: `instanceof Error` says no.
function reasonsOf(cause: unknown): string[] {
  const { code, message } = (cause ?? {}) as NodeJS.ErrnoException;
  return [code, message].filter((one) => one !== undefined && one !== '') as string[];
}
