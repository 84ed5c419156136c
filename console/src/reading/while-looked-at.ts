const LEFT_AFTER_MS = 15 * 60_000;
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'focus'] as const;

/** Does it again and again while somebody looks: a page that was left open must not keep its session alive. @returns how to stop */
export function whileLookedAt(everyMs: number, look: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let seenAt = Date.now();
  for (const sign of SIGNS) addEventListener(sign, () => (seenAt = Date.now()), { signal, passive: true });
  const lookIfSeen = () => {
    if (!document.hidden && Date.now() - seenAt < LEFT_AFTER_MS) look();
  };
  document.addEventListener(
    'visibilitychange',
    () => {
      seenAt = Date.now();
      lookIfSeen();
    },
    { signal },
  );
  const timer = setInterval(lookIfSeen, everyMs);
  signal.addEventListener('abort', () => clearInterval(timer));
  lookIfSeen();
  return () => stop.abort();
}
