import { needArguments } from '../need-arguments.ts';
import { ask } from './bridge.ts';

/** Pending at once, and started in all: a flood of timers would keep the host busy for everybody. */
const MOST_PENDING = 200;
const MOST_STARTED = 5_000;
const LONGEST_MS = 2 ** 31 - 1;

const pending = new Set<number>();
let started = 0;
let nextTimer = 1;

/** A warm global's next run: the host has dropped what the last one still waited for. */
export function resetTimers(): void {
  pending.clear();
  started = 0;
}

type Callback = (...args: unknown[]) => void;

export function setTimeout(work: Callback, delayMs: number = 0, ...args: unknown[]): number {
  needArguments(arguments.length, 1, 'setTimeout');
  return start(work, delayMs, args, false);
}

export function setInterval(work: Callback, delayMs: number = 0, ...args: unknown[]): number {
  needArguments(arguments.length, 1, 'setInterval');
  return start(work, delayMs, args, true);
}

export const setImmediate = (work: Callback, ...args: unknown[]): number => start(work, 0, args, false);

export function clearTimeout(id: number = 0): void {
  pending.delete(Math.trunc(Number(id)));
}

function start(work: Callback, delayMs: unknown, args: unknown[], isRepeated: boolean): number {
  if (typeof work !== 'function')
    throw new TypeError('A timer needs a function; code in a string is not run in the sandbox.');
  const delay = Math.trunc(Number(delayMs));
  const wait = delay > 0 && delay <= LONGEST_MS ? delay : 0;
  const id = nextTimer++;
  if (++started > MOST_STARTED || pending.size >= MOST_PENDING)
    throw new Error(`Too many timers: ${MOST_PENDING} may wait at once, ${MOST_STARTED} in all.`);
  pending.add(id);
  void tick(id, work, Math.max(isRepeated ? 1 : 0, wait), args, isRepeated);
  return id;
}

// What the callback throws becomes an unhandled rejection, which ends the run: as an uncaught error should.
async function tick(id: number, work: Callback, delayMs: number, args: unknown[], isRepeated: boolean): Promise<void> {
  do {
    await ask('sleep', delayMs);
    if (!pending.has(id)) return;
    if (!isRepeated) pending.delete(id);
    else if (++started > MOST_STARTED) throw new Error(`Too many timers: ${MOST_STARTED} in all.`);
    work.apply(globalThis, args);
  } while (isRepeated && pending.has(id));
}
