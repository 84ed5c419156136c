const EVERY_MS = 25;

const checks = new Set<() => void>();
let beat: NodeJS.Timeout | undefined;

/** Again and again, all together: a timer for each run that only waits took longer than what the run did. @returns how to end it */
export function checkAgain(check: () => void): () => void {
  checks.add(check);
  beat ??= setInterval(() => {
    for (const one of checks) one();
  }, EVERY_MS);
  return () => {
    checks.delete(check);
    if (checks.size > 0) return;
    clearInterval(beat);
    beat = undefined;
  };
}
