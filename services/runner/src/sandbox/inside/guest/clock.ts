let startedAt = 0;
let latest = 0;

/** The snapshot is older than the run: time begins with waking. */
export function startClock(): void {
  startedAt = Date.now();
  latest = 0;
}

export const timeOrigin = (): number => startedAt;

/** In whole milliseconds, and never backwards: finer clocks tell what is none of the code's business. */
export const now = (): number => (latest = Math.max(latest, Date.now() - startedAt));
