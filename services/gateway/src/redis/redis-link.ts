import { setTimeout as sleep } from 'node:timers/promises';
import { inSpan, type Log } from '@fingerpost/platform';
import type { RedisClient } from './connect-redis.ts';
import type { RedisCommands } from './redis-commands.ts';
import { RedisNews } from './redis-news.ts';

export interface AskOptions {
  withinMs?: number;
  /** how much is sent, where it is much */
  bytes?: number;
  /** nothing can stand in for the answer: asked even while all others are spared it */
  isNeeded?: boolean;
}

/** On the path of a request: Redis takes a fifth of a millisecond when all is well. */
const READ_MS = 50;
/** Nobody waits for it. */
export const WRITE_MS = 1_000;

const FAILURES = 3;
const GREETING_MS = 1_000;
const MOST_ASKS = 2_000;
const MOST_BYTES = 16_000_000;

/**
 * Redis as something that may be slow or away: asking never throws and never takes longer than its bound. After three failures in a
 * row nobody asks who can do without, but for a greeting once a second; when that is answered in time, all may ask again.
 */
export class RedisLink {
  private failures = 0;
  private asks = 0;
  private bytes = 0;
  private greeting: NodeJS.Timeout | undefined;
  private readonly news: RedisNews;

  constructor(
    private readonly redis: RedisClient,
    log: Pick<Log, 'info' | 'warn'>,
    private readonly readMs = READ_MS,
  ) {
    this.news = new RedisNews(log);
    redis.on('error', (error: Error) => this.news.away(reasonOf(error)));
    redis.on('ready', () => void this.greet());
  }

  /** For whoever starts: until it is known whether Redis is there, and no longer than a greeting takes. */
  async meet(): Promise<void> {
    const until = performance.now() + GREETING_MS;
    while (this.news.isHere === undefined && performance.now() < until) await sleep(10);
  }

  /** @returns nothing when Redis did not answer, in time or at all */
  async ask<T>(send: (redis: RedisCommands) => Promise<T>, options: AskOptions = {}): Promise<T | undefined> {
    const { withinMs = this.readMs, bytes = 0, isNeeded = false } = options;
    const isTooMuch = this.asks >= MOST_ASKS || this.bytes + bytes > MOST_BYTES;
    const isSpared = this.failures >= FAILURES && !isNeeded;
    if (isTooMuch || isSpared || this.redis.status !== 'ready') return void this.news.asked('skipped');
    return await inSpan('redis', () => this.tell(send, withinMs, bytes), 'client');
  }

  close(): void {
    this.news.end();
    clearTimeout(this.greeting);
    this.redis.disconnect();
  }

  // Until it is answered in time, or the connection is made anew and greeted again: nobody on a request's path has to find out.
  private async greet(): Promise<void> {
    clearTimeout(this.greeting);
    if (this.redis.status !== 'ready') return;
    if ((await this.tell((redis) => redis.ping(), this.readMs)) === undefined) this.greetLater();
  }

  private greetLater(): void {
    clearTimeout(this.greeting);
    this.greeting = setTimeout(() => void this.greet(), GREETING_MS).unref();
  }

  private async tell<T>(
    send: (redis: RedisCommands) => Promise<T>,
    withinMs: number,
    bytes = 0,
  ): Promise<T | undefined> {
    const since = performance.now();
    try {
      const answer = await within(withinMs, this.send(send, bytes));
      // Whoever has more time may be content with a Redis that is too slow for all others: that it answers them says nothing.
      const isSoon = withinMs <= this.readMs || performance.now() - since <= this.readMs;
      if (isSoon) this.onAnswer('answered');
      else this.news.asked('answered');
      return answer;
    } catch (error) {
      if ((error as Error).name === 'ReplyError') this.onRefusal((error as Error).message);
      else this.onFailure(error as Error);
    }
  }

  // Counts until Redis has answered or the connection is given up, however long nobody waits any more.
  private async send<T>(send: (redis: RedisCommands) => Promise<T>, bytes: number): Promise<T> {
    this.asks++;
    this.bytes += bytes;
    try {
      return await send(this.redis as unknown as RedisCommands);
    } finally {
      this.asks--;
      this.bytes -= bytes;
    }
  }

  private onAnswer(outcome: 'answered' | 'refused'): void {
    this.failures = 0;
    this.news.asked(outcome);
    this.news.here();
  }

  /** An answer all the same. */
  private onRefusal(message: string): void {
    this.onAnswer('refused');
    this.news.refused(message);
  }

  private onFailure(error: Error): void {
    this.news.asked(error instanceof TimedOut ? 'timed_out' : 'unreachable');
    if (++this.failures !== FAILURES) return; // those that follow would put off the greeting
    this.news.away(reasonOf(error));
    this.greetLater();
  }
}

class TimedOut extends Error {}

/** What came in while this process was busy is read before time is called: that delay was ours. */
function within<T>(ms: number, reply: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new TimedOut(`no answer within ${ms} ms`));
    const timer = setTimeout(() => setImmediate(late), ms);
    reply.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const reasonOf = ({ message, ...error }: Error): string => (error as NodeJS.ErrnoException).code ?? message;
