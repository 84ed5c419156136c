import type { Log } from '@fingerpost/platform';
import type { RedisClient } from './connect-redis.ts';
import { countAsks } from './redis-counts.ts';

/** All that we ever say to Redis; `deploy/redis/gateway.acl` allows no more. */
export interface RedisCommands {
  ping(): Promise<unknown>;
  getrangeBuffer(key: string, first: number, last: number): Promise<Buffer>;
  set(key: string, value: Buffer, unit: 'PX', keepMs: number): Promise<unknown>;
  evalBuffer(
    script: string,
    keys: 1,
    key: string,
    ...values: (string | number | Buffer)[]
  ): Promise<Buffer | number | null>;
}

export interface AskOptions {
  withinMs?: number;
  /** how much is sent, where it is much */
  bytes?: number;
}

/** On the path of a request: Redis takes a fifth of a millisecond when all is well. */
export const READ_MS = 50;
/** Nobody waits for it. */
export const WRITE_MS = 1_000;

const FAILURES = 3;
const PAUSE_MS = 1_000;
const MOST_ASKS = 2_000;
const MOST_BYTES = 16_000_000;
const REFUSAL_LINE_MS = 60_000;

/**
 * Redis as something that may be slow or away: asking never throws and never takes longer than its bound. After three failures in a
 * row nobody asks for a second; then one goes ahead, and when that one is answered in time all may ask again.
 */
export class RedisLink {
  private failures = 0;
  private askAgainAt = 0;
  private asks = 0;
  private bytes = 0;
  private isHere: boolean | undefined;
  private isClosed = false;
  private readonly refusals = new Map<string, number>();
  private readonly counts = countAsks();

  constructor(
    private readonly redis: RedisClient,
    private readonly log: Pick<Log, 'info' | 'warn'>,
    private readonly now: () => number = () => performance.now(),
  ) {
    redis.on('error', (error: Error) => this.tellAway(reasonOf(error)));
    redis.on('ready', () => void this.greet());
  }

  /** @returns nothing when Redis did not answer, in time or at all */
  async ask<T>(send: (redis: RedisCommands) => Promise<T>, options: AskOptions = {}): Promise<T | undefined> {
    const { withinMs = READ_MS, bytes = 0 } = options;
    if (!this.mayAsk(bytes)) return void this.counts.ask('skipped');
    const reply = this.send(send, bytes);
    try {
      const answer = await within(withinMs, reply);
      this.onAnswer('answered');
      return answer;
    } catch (error) {
      if ((error as Error).name === 'ReplyError') this.onRefusal((error as Error).message);
      else this.onFailure(error as Error);
    }
  }

  close(): void {
    this.isClosed = true;
    this.redis.disconnect();
  }

  private mayAsk(bytes: number): boolean {
    if (this.isClosed || this.asks >= MOST_ASKS || this.bytes + bytes > MOST_BYTES) return false;
    if (this.failures < FAILURES) return true;
    if (this.now() < this.askAgainAt) return false;
    this.askAgainAt = this.now() + PAUSE_MS; // this one goes ahead
    return true;
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
    this.counts.ask(outcome);
    this.failures = 0;
    this.counts.isOpen(false);
    if (this.isHere !== true && !this.isClosed)
      this.log.info(this.isHere === false ? 'Redis answers again' : 'Redis is there');
    this.isHere = true;
  }

  /** An answer all the same, and one that an operator can do something about: NOPERM, OOM, LOADING. */
  private onRefusal(message: string): void {
    this.onAnswer('refused');
    const code = message.split(' ', 1)[0]!;
    if (this.now() - (this.refusals.get(code) ?? Number.NEGATIVE_INFINITY) < REFUSAL_LINE_MS) return;
    this.refusals.set(code, this.now());
    this.log.warn(`Redis refuses a command: ${message}`);
  }

  private onFailure(error: Error): void {
    this.counts.ask(error instanceof TimedOut ? 'timed_out' : 'unreachable');
    if (++this.failures < FAILURES) return;
    this.askAgainAt = this.now() + PAUSE_MS;
    this.counts.isOpen(true);
    this.tellAway(reasonOf(error));
  }

  private tellAway(reason: string): void {
    if (this.isHere !== false && !this.isClosed)
      this.log.warn(
        `Redis cannot be used (${reason}): until it is back, gateways answer without one another’s answers`,
      );
    this.isHere = false;
  }

  private async greet(): Promise<void> {
    this.askAgainAt = 0;
    await this.ask((redis) => redis.ping());
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
