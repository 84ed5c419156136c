import type { Account } from '../account/account.ts';
import { Card } from '../account/card.tsx';
import { SureButton } from '../account/sure-button.tsx';
import { SignOut } from '../caller/signed-in.tsx';
import { NumberedPager } from '../list/pager.tsx';
import { usePart } from '../list/use-part.ts';
import { ProblemNote } from '../problem/problem-note.tsx';
import { useChange } from '../reading/use-change.ts';
import { SessionRow } from './session-row.tsx';

interface MySessionsProps {
  sessions: Account['sessions'];
  onChange(): void;
}

export function MySessions({ sessions, onChange }: MySessionsProps) {
  const { change, problem } = useChange(onChange);
  const end = (id: string) => {
    document.getElementById('my-sessions')?.focus();
    change('DELETE', `/account/sessions/${id}`);
  };
  // This one first, then by when they were used.
  const sorted = sessions.toSorted(
    (a, b) => Number(b.isThisOne) - Number(a.isThisOne) || b.lastUsedAt.localeCompare(a.lastUsedAt),
  );
  const { rows, ...pages } = usePart(sorted);
  return (
    <Card id="my-sessions" title="Where you are signed in">
      {problem && <ProblemNote problem={problem} />}
      <ul className="rows">
        {rows.map(({ isThisOne, ...session }) => (
          <SessionRow key={session.id} session={session} isThisOne={isThisOne}>
            {isThisOne ? (
              <SignOut isButton />
            ) : (
              <SureButton label="End" what={session.device} onSure={() => end(session.id)} />
            )}
          </SessionRow>
        ))}
      </ul>
      <NumberedPager label="Pages of your sessions" {...pages} />
    </Card>
  );
}
