import type { AuditReply } from '@fingerpost/contracts';
import { useCallback, useState } from 'react';
import { useRead } from '../reading/use-read.ts';

/** What is looked for; the empty text is everything. */
interface Wanted {
  search: string;
  actor: string;
  action: string;
}

/** Who the subjects in the rows are, as far as they are people. */
type Names = Record<string, string>;

const AT_A_TIME = 50;
const EVERYTHING: Wanted = { search: '', actor: '', action: '' };

/** A page of the audit trail. Rows only ever join at its beginning, so that an older page stays what it is. */
export function useTrail() {
  const [wanted, setWanted] = useState(EVERYTHING);
  /** the numbers that the pages up to this one begin below */
  const [before, setBefore] = useState<number[]>([]);
  const query = { ...wanted, limit: `${AT_A_TIME}`, before: `${before.at(-1) ?? ''}` };
  const { value, problem } = useRead<AuditReply & { names: Names }>(`/admin/audit?${new URLSearchParams(query)}`);
  const rows = value?.rows ?? [];

  const choose = useCallback((next: Partial<Wanted>) => {
    setWanted((wanted) => ({ ...wanted, ...next }));
    setBefore([]);
  }, []);
  const onSearch = useCallback(
    (search: string) => {
      if (search !== wanted.search) choose({ search });
    },
    [choose, wanted.search],
  );

  return {
    rows,
    names: value?.names ?? {},
    problem,
    wanted,
    choose,
    onSearch,
    isEmpty: value !== undefined && rows.length === 0,
    isNarrowed: Object.values(wanted).some((text) => text !== ''),
    newer: before.length > 0 ? () => setBefore(before.slice(0, -1)) : undefined,
    older: rows.length === AT_A_TIME ? () => setBefore([...before, rows.at(-1)!.seq]) : undefined,
  };
}
