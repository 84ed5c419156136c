import type { AuditReply, AuditRow } from '@fingerpost/contracts';
import { useState } from 'react';
import type { NameOf } from '../account/account.ts';
import { Card } from '../account/card.tsx';
import { ExactlyWhen } from '../account/when.tsx';
import { ProblemNote } from '../problem/problem-note.tsx';
import { useRead } from '../reading/use-read.ts';
import './audit.css';

const STEP = 50;
const MOST = 200;

/** Who did what to what: the latest on the page, all of it in the export. */
export function AuditTrail({ nameOf }: { nameOf: NameOf }) {
  const [action, setAction] = useState('');
  const [limit, setLimit] = useState(STEP);
  const [known, setKnown] = useState<string[]>([]);
  const { value, problem } = useRead<AuditReply>(`/admin/audit?limit=${limit}&action=${encodeURIComponent(action)}`);
  const rows = value?.rows ?? [];
  const actions = [...new Set([...known, ...rows.map(({ event }) => event.action)])].toSorted();
  const choose = (next: string) => {
    setKnown(actions);
    setAction(next);
    setLimit(STEP);
  };
  const aside = (
    <>
      <select value={action} onChange={(event) => choose(event.target.value)} aria-label="Which actions">
        <option value="">All actions</option>
        {actions.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      <a href="/admin/audit/export" download>
        Export
      </a>
    </>
  );

  return (
    <Card id="audit" title="Audit trail" aside={aside}>
      {problem && <ProblemNote problem={problem} />}
      {value && rows.length === 0 && <p className="empty">Nothing yet.</p>}
      <ol className="rows trail">
        {rows.map((row) => (
          <TrailRow key={row.seq} row={row} nameOf={nameOf} />
        ))}
      </ol>
      {rows.length === limit && limit < MOST && (
        <button type="button" className="plain more" onClick={() => setLimit(Math.min(limit + STEP, MOST))}>
          Show older
        </button>
      )}
    </Card>
  );
}

function TrailRow({ row: { event, service, seq }, nameOf }: { row: AuditRow; nameOf: NameOf }) {
  const { at, actor, action, target, detail } = event;
  return (
    <li>
      <span className="quiet">
        <ExactlyWhen at={at} />
      </span>
      <span title={actor}>{shortened(nameOf(actor))}</span>
      <span className="what" title={target}>
        <b>{action}</b> <span className="quiet">{shortened(nameOf(target))}</span>
      </span>
      <details>
        <summary>Details</summary>
        <pre>{JSON.stringify({ seq, service, actor, target, ...detail }, null, 2)}</pre>
      </details>
    </li>
  );
}

// Ids are hashes: their beginning tells them apart.
const shortened = (text: string) => (/[\w-]{27,}$/.test(text) ? text.replace(/([\w-]{8})[\w-]{19,}$/, '$1…') : text);
