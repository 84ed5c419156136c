import type { AuditRow } from '@fingerpost/contracts';
import { ExactlyWhen } from '../account/when.tsx';

interface TrailRowProps {
  row: AuditRow;
  names: Record<string, string>;
  /** shows what else whoever did this has done */
  onActor(actor: string): void;
}

export function TrailRow({ row: { event, service, seq }, names, onActor }: TrailRowProps) {
  const { at, actor, action, target, detail } = event;
  return (
    <li>
      <span className="quiet">
        <ExactlyWhen at={at} />
      </span>
      <button type="button" className="plain who-did" title={actor} onClick={() => onActor(actor)}>
        {names[actor] ?? shortened(actor)}
        <span className="unseen">, show what else they did</span>
      </button>
      <span className="what" title={target}>
        <b>{action}</b> <span className="quiet">{names[target] ?? shortened(target)}</span>
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
