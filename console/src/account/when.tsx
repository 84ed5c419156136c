/** A moment, as far from now as it is; the exact one on hovering. */
export const When = ({ at }: { at: string }) => (
  <time dateTime={at} title={new Date(at).toLocaleString()}>
    {fromNow(Date.parse(at) - Date.now())}
  </time>
);

/** To the second, for what is looked up. */
export const ExactlyWhen = ({ at }: { at: string }) => (
  <time dateTime={at} title={at}>
    {MOMENT.format(new Date(at))}
  </time>
);

const MOMENT = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
});
const WORDS = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

export function fromNow(ms: number): string {
  for (const [unit, unitMs] of UNITS) if (Math.abs(ms) >= unitMs) return WORDS.format(Math.round(ms / unitMs), unit);
  return ms > 0 ? 'in less than a minute' : 'just now';
}
