import { aliases, drawings } from './drawings.ts';
import { logos } from './logos.ts';

/** Every name that has a drawing of its own. */
export const ICON_NAMES: readonly string[] = [
  ...Object.keys(drawings),
  ...Object.keys(logos),
  ...Object.keys(aliases),
].sort();

/** Always decoration: the text beside it says the same. A name without a drawing gives its first letter in a square. */
export function Icon({ name }: { name: string }) {
  const asked = name.trim().toLowerCase();
  const known = pick(aliases, asked) ?? asked;
  const logo = pick(logos, known);
  if (logo !== undefined)
    return (
      <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" fill="currentColor">
        <path d={logo} />
      </svg>
    );
  const drawing = pick(drawings, known);
  if (drawing !== undefined)
    return (
      <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" {...LINE}>
        <path d={drawing} />
      </svg>
    );
  return (
    <span className="icon letter" aria-hidden="true">
      {firstLetter(asked)}
    </span>
  );
}

const LINE = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.4,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

// The name comes from outside: only own fields count.
const pick = (from: Record<string, string>, name: string) => (Object.hasOwn(from, name) ? from[name] : undefined);

const firstLetter = (name: string) => (/[\p{L}\p{N}]/u.exec(name)?.[0] ?? '?').toUpperCase();
