import { useState } from 'react';

const AT_A_TIME = 10;

/** A list that is here already, a part at a time: what stands below it is not far away. */
export function usePart<Row>(all: readonly Row[]) {
  const [wanted, onPage] = useState(1);
  const pages = Math.max(1, Math.ceil(all.length / AT_A_TIME));
  const page = Math.min(wanted, pages);
  return { rows: all.slice((page - 1) * AT_A_TIME, page * AT_A_TIME), page, pages, onPage };
}
