import type { KeyKind, RuleKeys } from './index-keys.ts';

/** One rule by which an integration could be filed. */
export interface Option extends RuleKeys {
  path: string;
}

export type Drawers<V> = Record<KeyKind, Map<unknown, V>>;

/** Counts first how many could be filed under each key, then files each where fewest are. */
export class Cabinet<T> {
  readonly byPath = new Map<string, Drawers<T[]>>();
  private readonly counts = new Map<string, Drawers<number>>();

  count({ path, kind, values }: Option): void {
    const counts = getOrMake(this.counts, path, emptyDrawers<number>)[kind];
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  }

  rarest(options: Option[]): Option | undefined {
    return options.reduce<Option | undefined>(
      (a, b) => (a === undefined || this.crowd(b) < this.crowd(a) ? b : a),
      undefined,
    );
  }

  file({ path, kind, values }: Option, item: T): void {
    const drawer = getOrMake(this.byPath, path, emptyDrawers<T[]>)[kind];
    for (const value of values) getOrMake(drawer, value, () => [] as T[]).push(item);
  }

  // A field is there on nearly every page of its type, a certain value on few.
  private crowd({ path, kind, values }: Option): number {
    const counts = this.counts.get(path)![kind];
    const most = Math.max(...values.map((value) => counts.get(value)!));
    return kind === 'exists' ? most + 1_000_000 : most;
  }
}

const emptyDrawers = <V>(): Drawers<V> => ({
  equals: new Map(),
  startsWith: new Map(),
  endsWith: new Map(),
  contains: new Map(),
  containsCaseBlind: new Map(),
  exists: new Map(),
});

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}
