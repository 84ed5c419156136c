import type { Log } from '@fingerpost/platform';
import { countAsks } from './redis-counts.ts';

const REFUSAL_LINE_MS = 60_000;

/** What operators hear of Redis: a line when it comes and when it goes, now and then what it refuses, and the counts. */
export class RedisNews {
  /** nothing while nobody knows */
  isHere: boolean | undefined;
  private isOver = false;
  private readonly refusals = new Map<string, number>();
  private readonly counts = countAsks();
  readonly asked = this.counts.ask;

  constructor(private readonly log: Pick<Log, 'info' | 'warn'>) {}

  here(): void {
    this.counts.isOpen(false);
    if (this.isHere !== true && !this.isOver)
      this.log.info(this.isHere === false ? 'Redis answers again' : 'Redis is there');
    this.counts.isHere(true);
    this.isHere = true;
  }

  away(reason: string): void {
    this.counts.isOpen(true);
    if (this.isHere !== false && !this.isOver)
      this.log.warn(
        `Redis cannot be used (${reason}): until it is back, gateways answer without one another’s answers`,
      );
    this.counts.isHere(false);
    this.isHere = false;
  }

  /** Something that an operator can do something about: NOPERM, OOM, LOADING. */
  refused(message: string): void {
    const code = message.split(' ', 1)[0]!;
    if (performance.now() - (this.refusals.get(code) ?? Number.NEGATIVE_INFINITY) < REFUSAL_LINE_MS) return;
    this.refusals.set(code, performance.now());
    this.log.warn(`Redis refuses a command: ${message}`);
  }

  /** That it goes is no news from here on: we left. */
  end(): void {
    this.isOver = true;
  }
}
