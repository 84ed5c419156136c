import { useState } from 'react';
import { Card } from '../account/card.tsx';
import { Pager } from '../list/pager.tsx';
import { Search } from '../list/search.tsx';
import { ProblemNote } from '../problem/problem-note.tsx';
import './audit.css';
import { TrailRow } from './trail-row.tsx';
import { useTrail } from './use-trail.ts';

/** Who did what to what: page by page, the latest first; all of it in the export. */
export function AuditTrail() {
  const trail = useTrail();
  const { rows, names, wanted, problem } = trail;
  return (
    <Card
      id="audit"
      title="Audit trail"
      aside={
        <a href="/admin/audit/export" download>
          Export
        </a>
      }
    >
      <div className="finding">
        <Search label="Find in the trail" placeholder="Anything in an event" onSearch={trail.onSearch} />
        {wanted.actor !== '' && (
          <button type="button" onClick={() => trail.choose({ actor: '' })}>
            By {names[wanted.actor] ?? wanted.actor} <span aria-hidden="true">×</span>
            <span className="unseen">, show everybody’s</span>
          </button>
        )}
        <ActionChoice
          chosen={wanted.action}
          seen={rows.map(({ event }) => event.action)}
          onChoose={(action) => trail.choose({ action })}
        />
      </div>
      {problem && <ProblemNote problem={problem} />}
      {trail.isEmpty && <p className="empty">{trail.isNarrowed ? 'There is nothing like that.' : 'Nothing yet.'}</p>}
      <ol className="rows trail">
        {rows.map((row) => (
          <TrailRow key={row.seq} row={row} names={names} onActor={(actor) => trail.choose({ actor })} />
        ))}
      </ol>
      {(trail.newer ?? trail.older) !== undefined && (
        <Pager
          label="Pages of the trail"
          where={rows.length > 0 ? `Events ${rows[0]!.seq} to ${rows.at(-1)!.seq}` : 'No more events'}
          back={{ label: 'Newer', go: trail.newer }}
          on={{ label: 'Older', go: trail.older }}
        />
      )}
    </Card>
  );
}

interface ActionChoiceProps {
  chosen: string;
  /** in the rows that are shown */
  seen: readonly string[];
  onChoose(action: string): void;
}

/** Offers every action that has been seen so far: there is no list of all. */
function ActionChoice({ chosen, seen, onChoose }: ActionChoiceProps) {
  const [known, setKnown] = useState<string[]>([]);
  const actions = [...new Set([...known, ...seen])].toSorted();
  if (actions.length > known.length) setKnown(actions);
  return (
    <select value={chosen} onChange={(event) => onChoose(event.target.value)} aria-label="Which actions">
      <option value="">All actions</option>
      {actions.map((each) => (
        <option key={each}>{each}</option>
      ))}
    </select>
  );
}
