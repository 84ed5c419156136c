import { useCallback, useState } from 'react';
import { useRead } from '../reading/use-read.ts';

/** What `GET /admin/people` and its like tell: the gateway's `identity/account/page-of.ts` makes it. */
interface PageOf<Row> {
  rows: Row[];
  total: number;
  page: number;
  pages: number;
}

const AT_A_TIME = '25';
/** The gateway goes through all of a company for it. */
const LOOK_EVERY_MS = 15_000;

/** A list that may be long: a page of it, of what is searched for. */
export function usePaged<Row>(path: string) {
  const [{ search, page }, setWanted] = useState({ search: '', page: 1 });
  const query = new URLSearchParams({ search, page: `${page}`, limit: AT_A_TIME });
  const { value, problem, look } = useRead<PageOf<Row>>(`${path}?${query}`, LOOK_EVERY_MS);
  const onPage = (page: number) => setWanted({ search, page });
  // What was typed once is searched for once: a page that was turned meanwhile stays turned.
  const onSearch = useCallback(
    (words: string) => setWanted((wanted) => (wanted.search === words ? wanted : { search: words, page: 1 })),
    [],
  );
  return { ...value, problem, look, isSearched: search !== '', onPage, onSearch };
}

export type Paged<Row> = ReturnType<typeof usePaged<Row>>;
