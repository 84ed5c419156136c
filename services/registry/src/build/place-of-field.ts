import { type Place, readStack } from '@fingerpost/platform';

const METADATA = /\bmetadata\s*[:=]/g;
/** A bundle's own file stands at its end; packages before it have metadata of their own. */
const MOST_TRIES = 20;

/**
 * Where a field of the metadata, such as `match.context`, stands in the author's file: found in the bundle by the names on the way, since
 * nothing of it may be run here. A field that is not there is placed where its parent is.
 */
export function placeOfField(field: string, code: string, sourceMap: string): Place | undefined {
  const names = field.split(/[.[\]]+/).filter(Boolean);
  const starts = [...code.matchAll(METADATA)].map(({ index }) => index).slice(-MOST_TRIES);
  const [end] = starts.toReversed().flatMap((start) => {
    const at = follow(names, code, start);
    return at > start ? [at] : [];
  });
  for (const at of end === undefined ? starts : [end]) {
    const place = placeOf(at, code, sourceMap);
    if (place !== undefined) return place;
  }
}

function follow(names: string[], code: string, start: number): number {
  let at = start;
  for (const name of names) {
    const key = new RegExp(`(?<![\\w$.])(["'\`]?)${name.replaceAll(/\W/g, '\\$&')}\\1\\s*:`, 'g');
    key.lastIndex = at;
    const next = key.exec(code)?.index;
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

function placeOf(index: number, code: string, sourceMap: string): Place | undefined {
  const lines = code.slice(0, index).split('\n');
  return readStack(`at fingerpost:bundle:${lines.length}:${lines.at(-1)!.length + 1}`, sourceMap).place;
}
