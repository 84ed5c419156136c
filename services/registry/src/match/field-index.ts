import type { Drawers } from './cabinet.ts';
import { LiteralFinder } from './literal-finder.ts';
import { MOST_TEXT_CHARACTERS } from './pattern.ts';

/** All that is filed under one field: from the field's value to those who may fit it. */
export class FieldIndex<T> {
  private readonly equals: Map<unknown, T[]>;
  private readonly starts: AffixIndex<T>;
  private readonly ends: AffixIndex<T>;
  private readonly contains: LiteralFinder<T> | undefined;
  private readonly containsCaseBlind: LiteralFinder<T> | undefined;
  private readonly exists: T[];

  constructor(
    readonly path: readonly string[],
    filed: Drawers<T[]>,
  ) {
    this.equals = filed.equals;
    this.starts = new AffixIndex(filed.startsWith, (text, length) => text.slice(0, length));
    this.ends = new AffixIndex(filed.endsWith, (text, length) => text.slice(text.length - length));
    this.contains = finderOf(filed.contains);
    this.containsCaseBlind = finderOf(filed.containsCaseBlind);
    this.exists = [...filed.exists.values()].flat();
  }

  collect(value: unknown, into: Set<T>): void {
    if (value === undefined) return;
    addAll(this.exists, into);
    addAll(this.equals.get(value), into);
    if (typeof value !== 'string') return;
    this.starts.collect(value, into);
    this.ends.collect(value, into);
    const text = value.slice(0, MOST_TEXT_CHARACTERS);
    this.contains?.find(text, into);
    this.containsCaseBlind?.find(text.toLowerCase(), into);
  }
}

/** Beginnings or endings, looked up once for each length that occurs. */
class AffixIndex<T> {
  private readonly lengths: number[];

  constructor(
    private readonly filed: Map<unknown, T[]>,
    private readonly cut: (text: string, length: number) => string,
  ) {
    this.lengths = [...new Set([...filed.keys()].map((affix) => (affix as string).length))].sort((a, b) => a - b);
  }

  collect(text: string, into: Set<T>): void {
    for (const length of this.lengths) {
      if (length > text.length) return;
      addAll(this.filed.get(this.cut(text, length)), into);
    }
  }
}

const finderOf = <T>(filed: Map<unknown, T[]>) =>
  filed.size === 0 ? undefined : new LiteralFinder<T>(filed as Map<string, T[]>);

function addAll<T>(found: readonly T[] | undefined, into: Set<T>): void {
  if (found !== undefined) for (const value of found) into.add(value);
}
