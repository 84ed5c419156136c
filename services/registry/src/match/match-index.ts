import { type ContextRead, type Match, type PageContext, readPath } from '@fingerpost/contracts';
import { Cabinet, type Option } from './cabinet.ts';
import { FieldIndex } from './field-index.ts';
import { keysOf } from './index-keys.ts';
import { type RuleCheck, ruleCheck } from './rule-check.ts';

/** What the index needs to know of an integration. */
export interface Matchable {
  name: string;
  match: Match;
  priority: number;
  groups: readonly string[];
}

interface Entry<T> {
  item: T;
  rules: { path: readonly string[]; check: RuleCheck }[];
  /** 0 stands leftmost in the bar */
  rank: number;
}

const ANY_TYPE = '*';
/** More is not worth comparing for every page. */
const MOST_READS = 50;

/**
 * Which integrations fit a page. Each is filed under the one of its rules that fewest others share, so that a page leads straight to
 * the few that may fit; those are then asked all of their rules.
 */
export class MatchIndex<T extends Matchable> {
  private readonly byType = new Map<string, TypeIndex<T>>();
  private readonly readsByType = new Map<string, ContextRead[]>();

  constructor(items: readonly T[]) {
    const entries = [...items].sort(byPriority).map(toEntry);
    for (const [type, ofType] of Map.groupBy(entries, ({ item }) => item.match.contextType))
      this.byType.set(type, new TypeIndex(ofType));
  }

  /** Highest priority first, equal ones by name. Those for certain groups only where the viewer is in one of them. */
  find(context: PageContext, groups: readonly string[]): T[] {
    const candidates = new Set<Entry<T>>();
    this.byType.get(context.type)?.collect(context, candidates);
    if (context.type !== ANY_TYPE) this.byType.get(ANY_TYPE)?.collect(context, candidates);
    return [...candidates]
      .filter(
        ({ item, rules }) =>
          mayBeSeen(item, groups) && rules.every(({ path, check }) => check(readPath(context, path))),
      )
      .sort((a, b) => a.rank - b.rank)
      .map(({ item }) => item);
  }

  /** All that {@link find} looks at in a page of this type; nothing when that is too much to compare. */
  reads(type: string): ContextRead[] | undefined {
    const kind = this.byType.has(type) ? type : ANY_TYPE;
    const known =
      this.readsByType.get(kind) ?? readsOf([kind, ANY_TYPE].flatMap((one) => this.byType.get(one)?.matches ?? []));
    this.readsByType.set(kind, known);
    return known.length > MOST_READS ? undefined : known;
  }
}

/** What a page's type is, and every field that a rule asks for; of some only whether it is there. */
function readsOf(matches: readonly Match[]): ContextRead[] {
  const byPath = new Map<string, ContextRead['how']>([['type', 'value']]);
  for (const [path, rule] of matches.flatMap(({ context }) => Object.entries(context)))
    if (!('exists' in rule)) byPath.set(path, 'value');
    else if (!byPath.has(path)) byPath.set(path, 'has');
  return [...byPath].map(([path, how]) => ({ how, path: path.split('.') }));
}

class TypeIndex<T extends Matchable> {
  readonly matches: readonly Match[];
  private readonly fields: FieldIndex<Entry<T>>[] = [];
  private readonly always: Entry<T>[] = [];

  constructor(entries: Entry<T>[]) {
    this.matches = entries.map(({ item }) => item.match);
    const cabinet = new Cabinet<Entry<T>>();
    const options = entries.map((entry) => optionsOf(entry.item.match));
    for (const option of options.flat()) cabinet.count(option);
    for (const [index, entry] of entries.entries()) {
      const option = cabinet.rarest(options[index]!);
      if (option === undefined) this.always.push(entry);
      else cabinet.file(option, entry);
    }
    for (const [path, drawers] of cabinet.byPath) this.fields.push(new FieldIndex(path.split('.'), drawers));
  }

  collect(context: PageContext, into: Set<Entry<T>>): void {
    for (const entry of this.always) into.add(entry);
    for (const field of this.fields) field.collect(readPath(context, field.path), into);
  }
}

const optionsOf = ({ context }: Match): Option[] =>
  Object.entries(context).flatMap(([path, rule]) => keysOf(rule).map((keys) => ({ path, ...keys })));

function toEntry<T extends Matchable>(item: T, rank: number): Entry<T> {
  const rules = Object.entries(item.match.context).map(([path, rule]) => ({
    path: path.split('.'),
    check: ruleCheck(rule),
  }));
  return { item, rules, rank };
}

const byPriority = (a: Matchable, b: Matchable) => b.priority - a.priority || (a.name < b.name ? -1 : 1);

const mayBeSeen = ({ groups: wanted }: Matchable, groups: readonly string[]) =>
  wanted.length === 0 || wanted.some((group) => groups.includes(group));
