import { numberIn, type QueryParams, textIn } from '../query.ts';

/** As much of a long list as somebody looks at. */
export interface PageOf<Row> {
  rows: Row[];
  /** of all that were found, on whatever page */
  total: number;
  /** from 1 on */
  page: number;
  pages: number;
}

const DEFAULT_LIMIT = 50;
const MOST_ROWS = 200;

/**
 * Of those that have every word of `search` somewhere in their texts. A page beyond the last one is the last one: the list may have become
 * shorter meanwhile. @throws Fault `request.invalid`
 */
export function pageOf<Row>(
  all: readonly Row[],
  query: QueryParams,
  textsOf: (row: Row) => readonly (string | undefined)[],
): PageOf<Row> {
  const words = (textIn(query, 'search') ?? '').toLowerCase().split(/\s+/);
  const has = (row: Row) => {
    const text = textsOf(row).join('\n').toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const found = all.filter(has);
  const limit = Math.min(numberIn(query, 'limit') ?? DEFAULT_LIMIT, MOST_ROWS);
  const pages = Math.max(1, Math.ceil(found.length / limit));
  const page = Math.min(numberIn(query, 'page') ?? 1, pages);
  return { rows: found.slice((page - 1) * limit, page * limit), total: found.length, page, pages };
}
