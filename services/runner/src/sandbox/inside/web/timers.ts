import { ask } from '../guest/bridge.ts';

/** Pending at once, and started in all: a flood of timers would keep the host busy for everybody. */
const MOST_PENDING = 200;
const MOST_STARTED = 5_000;

const pending = new Set<number>();
let started = 0;
let nextTimer = 1;

/** A warm global's next run: the host has dropped what the last one still waited for. */
export function resetTimers(): void {
  pending.clear();
  started = 0;
}

type Callback = (...args: unknown[]) => void;

export const setTimeout = (work: Callback, delayMs = 0, ...args: unknown[]): number =>
  start(work, delayMs, args, false);
export const setInterval = (work: Callback, delayMs = 0, ...args: unknown[]): number =>
  start(work, delayMs, args, true);
export const clearTimer = (id?: number): void => void pending.delete(Number(id));

function start(work: Callback, delayMs: number, args: unknown[], isRepeated: boolean): number {
  if (typeof work !== 'function') throw new TypeError('A timer needs a function.');
  const id = nextTimer++;
  if (++started > MOST_STARTED || pending.size >= MOST_PENDING)
    throw new Error(`Too many timers: ${MOST_PENDING} may wait at once, ${MOST_STARTED} in all.`);
  pending.add(id);
  void tick(id, work, Math.max(isRepeated ? 1 : 0, Number(delayMs) || 0), args, isRepeated);
  return id;
}

// What the callback throws becomes an unhandled rejection, which ends the run: as an uncaught error should.
async function tick(id: number, work: Callback, delayMs: number, args: unknown[], isRepeated: boolean): Promise<void> {
  do {
    await ask('sleep', delayMs);
    if (!pending.has(id)) return;
    if (!isRepeated) pending.delete(id);
    else if (++started > MOST_STARTED) throw new Error(`Too many timers: ${MOST_STARTED} in all.`);
    work(...args);
  } while (isRepeated && pending.has(id));
}
