import { type RedisLink, WRITE_MS } from '../redis/redis-link.ts';
import type { Seal } from '../redis/seal.ts';

const TELL_MS = 250;
const WINDOW_MS = 60_000;
/** More callers than that in a quarter of a second are counted here alone. */
const MOST_CALLERS = 1_000;

/** Key: this minute. Values: callers and how often each asked here since. What they asked everywhere. */
const COUNT = `
local totals = {}
for at = 1, #ARGV, 2 do totals[#totals + 1] = redis.call('HINCRBY', KEYS[1], ARGV[at], ARGV[at + 1]) end
redis.call('PEXPIRE', KEYS[1], ${2 * WINDOW_MS})
return totals`;

/**
 * How often callers ask behind all gateways. Nobody waits for it: each gateway counts by itself and hears four times a second what the
 * others have counted, so that somebody who asks many at once gets a little more. Redis away: each counts alone.
 */
export class SharedCounts {
  private unsaid = new Map<string, number>();
  private readonly known = new Map<string, number>();
  private minute = 0;
  private onOthers: (caller: string, times: number) => void = () => {};
  private readonly telling = setInterval(() => void this.tell(), TELL_MS).unref();

  constructor(
    private readonly link: RedisLink,
    private readonly seal: Seal,
    private readonly now: () => number = Date.now,
  ) {}

  count(caller: string): void {
    const times = this.unsaid.get(caller);
    if (times !== undefined || this.unsaid.size < MOST_CALLERS) this.unsaid.set(caller, (times ?? 0) + 1);
  }

  /** Hears what other gateways have counted of somebody who asks here, too. */
  hear(onOthers: (caller: string, times: number) => void): void {
    this.onOthers = onOthers;
  }

  close(): void {
    clearInterval(this.telling);
  }

  private async tell(): Promise<void> {
    const said = [...this.unsaid];
    if (said.length === 0) return;
    this.unsaid = new Map();
    this.turnTo(Math.floor(this.now() / WINDOW_MS));
    const key = `fp:l:${this.seal.place('limit', `${this.minute}`).address}`;
    const values = said.flatMap(([caller, times]) => [this.seal.place('limit', caller).address, times]);
    const totals = await this.link.ask((redis) => redis.evalBuffer(COUNT, 1, key, ...values), { withinMs: WRITE_MS });
    if (!Array.isArray(totals)) return;
    for (const [at, [caller, times]] of said.entries()) this.learn(caller, times, Number(totals[at]));
  }

  private learn(caller: string, times: number, total: number): void {
    const others = total - times - (this.known.get(caller) ?? 0);
    this.known.set(caller, total);
    if (others > 0) this.onOthers(caller, others);
  }

  private turnTo(minute: number): void {
    if (minute !== this.minute) this.known.clear();
    this.minute = minute;
  }
}
