import { type ContextRead, readPath } from '@fingerpost/contracts';
import { canonicalJson } from '@fingerpost/platform';

/**
 * HTTP's `Vary`, found out by watching: what a run looked at of its context decides for whom else its answer counts.
 * A read set is put in order, so that runs that looked at the same things in another order have the same one.
 */
export function toReadSet(reads: readonly ContextRead[]): ContextRead[] {
  const distinct = new Map(reads.map(({ how, path }) => [JSON.stringify([path, how]), { how, path }]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, read]) => read);
}

/** What these reads see in a context. Two contexts that give the same text could not be told apart by the run. */
export function fingerprint(context: unknown, reads: readonly ContextRead[]): string {
  return JSON.stringify(reads.map(({ how, path }) => [how, path, ...seen(how, readPath(context, path))]));
}

/** The values of declared fields. Absence is told apart from every value, `null` and the empty text included. */
export function declaredFields(context: unknown, paths: readonly string[]): string {
  return JSON.stringify(paths.map((path) => [path, ...seen('value', readPath(context, path.split('.')))]));
}

function seen(how: ContextRead['how'], value: unknown): unknown[] {
  if (how === 'value') return value === undefined ? [] : [isCompound(value) ? [canonicalJson(value)] : value];
  if (how === 'has') return [value !== undefined];
  if (how === 'shape') return [shapeOf(value)];
  // Sorted as runs see them: they are given the context with its fields in order.
  return isCompound(value) ? [Object.keys(value).sort()] : [shapeOf(value)];
}

function shapeOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (Array.isArray(value)) return 'list';
  return isCompound(value) ? 'object' : 'leaf';
}

const isCompound = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** As a gateway wrote them, perhaps one of another release: what does not fit counts as not there. */
export function parseReadSets(text: string | undefined): ContextRead[][] {
  try {
    const sets = JSON.parse(text ?? '[]') as ContextRead[][];
    return sets.filter((set) => set.every(isRead));
  } catch {
    return [];
  }
}

const isRead = ({ how, path }: ContextRead): boolean =>
  ['value', 'shape', 'has', 'keys'].includes(how) && path.every((part) => typeof part === 'string');
