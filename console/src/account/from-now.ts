const WORDS = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How far a moment is from now, as people say it. */
export function fromNow(ms: number): string {
  for (const [unit, unitMs] of UNITS) if (Math.abs(ms) >= unitMs) return WORDS.format(Math.round(ms / unitMs), unit);
  return ms > 0 ? 'in less than a minute' : 'just now';
}
