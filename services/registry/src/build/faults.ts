import { nearest } from '@fingerpost/platform';

export const MOST_ITEMS = 100;

/** Collects what is wrong with something an author wrote, so that one look tells everything. */
export class Faults {
  readonly all: string[] = [];
  /** what the first of them is about */
  field: string | undefined;

  say(field: string, message: string): undefined {
    this.field ??= field;
    this.all.push(`${field}: ${message}`);
    return undefined;
  }

  /** Names every field that nobody asked for: most are misspelt. */
  unknownFields(record: Record<string, unknown>, path: string, known: readonly string[]): void {
    for (const field of Object.keys(record))
      if (!known.includes(field))
        this.say(path === '' ? field : `${path}.${field}`, `is not a field of metadata${didYouMean(field, known)}`);
  }

  text(value: unknown, field: string, most: number): string | undefined {
    if (typeof value !== 'string') return this.say(field, `must be text, got ${describe(value)}`);
    if (value.length > most) return this.say(field, `is ${value.length} characters long, ${most} at most`);
    return value;
  }

  number(value: unknown, field: string, least: number, most: number): number | undefined {
    if (typeof value !== 'number' || value < least || value > most)
      return this.say(field, `must be a number from ${least} to ${most}, got ${describe(value)}`);
    return value;
  }

  oneOf<T extends string>(value: unknown, field: string, options: readonly T[]): T | undefined {
    if (options.includes(value as T)) return value as T;
    const hint = typeof value === 'string' ? didYouMean(value, options) : '';
    return this.say(field, `must be ${listed(options)}, got ${describe(value)}${hint}`);
  }

  /** A list of texts that fit a pattern; `example` says what one looks like. */
  texts(value: unknown, field: string, fits: RegExp, example: string): string[] | undefined {
    if (!Array.isArray(value)) return this.say(field, `must be a list such as [${example}], got ${describe(value)}`);
    if (value.length > MOST_ITEMS) return this.say(field, `has ${value.length} items, ${MOST_ITEMS} at most`);
    for (const [index, item] of value.entries())
      if (typeof item !== 'string' || !fits.test(item))
        this.say(`${field}[${index}]`, `must be like ${example}, got ${describe(item)}`);
    return [...new Set(value as string[])];
  }
}

export function didYouMean(word: string, options: readonly string[]): string {
  const near = nearest(word, options);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** A value as an author would write it, cut short. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (isRecord(value)) {
    if ('$function' in value) return 'a function';
    if ('$pattern' in value) return 'a regular expression';
  }
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

export const listed = (options: readonly string[]) => options.map((option) => `"${option}"`).join(' or ');

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
