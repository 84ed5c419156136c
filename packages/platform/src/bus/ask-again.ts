import { setTimeout as sleep } from 'node:timers/promises';
import { type ErrorCode, isFault } from '@fingerpost/contracts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 400;
const PASSING: readonly ErrorCode[] = ['bus.lost', 'bus.nobody_answers'];

/** Whoever was to answer is gone or not yet there: another may be. */
const isPassing = (error: unknown): boolean => isFault(error) && PASSING.includes(error.code);

/** For what may be asked twice without harm: again when nobody was there or the answer was lost, for as long as the time lasts. */
export async function askAgain<T>(timeoutMs: number, ask: (timeoutMs: number) => Promise<T>): Promise<T> {
  const until = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await ask(until - performance.now());
    } catch (error) {
      if (!isPassing(error) || performance.now() + pauseMs > until) throw error;
    }
    await sleep(pauseMs * (0.5 + Math.random() / 2)); // not all at the same moment
  }
}
