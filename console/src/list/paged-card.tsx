import type { GatewayProblem } from '@fingerpost/bar';
import type { ReactNode } from 'react';
import { Card } from '../account/card.tsx';
import { ProblemNote } from '../problem/problem-note.tsx';
import { NumberedPager } from './pager.tsx';
import { Search } from './search.tsx';
import type { Paged } from './use-paged.ts';

interface PagedCardProps<Row> {
  id: string;
  title: string;
  list: Paged<Row>;
  /** why what was tried last was refused */
  refusal: GatewayProblem | undefined;
  /** what words are looked for in */
  placeholder: string;
  /** where there is nothing at all */
  empty: string;
  aside?: ReactNode;
  children(row: Row): ReactNode;
}

/** A long list of what administrators look after, with a way to find one of it. */
export function PagedCard<Row>({ id, title, list, refusal, placeholder, empty, aside, children }: PagedCardProps<Row>) {
  const { rows, total = 0, page = 1, pages = 1, isSearched, problem, onPage, onSearch } = list;
  const note = refusal ?? problem;
  return (
    <Card id={id} title={title} aside={aside}>
      <div className="finding">
        <Search label={`Find in “${title}”`} placeholder={placeholder} onSearch={onSearch} />
        <span className="quiet" role="status">
          {rows && (isSearched ? `${total} found` : `${total}`)}
        </span>
      </div>
      {note && <ProblemNote problem={note} />}
      {rows?.length === 0 && <p className="empty">{isSearched ? 'Nothing has all of these words.' : empty}</p>}
      <ul className="rows">{rows?.map(children)}</ul>
      <NumberedPager label={`Pages of “${title}”`} page={page} pages={pages} onPage={onPage} />
    </Card>
  );
}
