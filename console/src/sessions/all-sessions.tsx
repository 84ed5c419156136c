import type { Person, Session } from '../account/account.ts';
import { Card } from '../account/card.tsx';
import { SureButton } from '../account/sure-button.tsx';
import { ProblemNote } from '../problem/problem-note.tsx';
import { useChange } from '../reading/use-change.ts';
import { useRead } from '../reading/use-read.ts';
import { SessionRow } from './session-row.tsx';

/** Who is signed in, and where. */
export function AllSessions() {
  const { value: sessions, problem, look } = useRead<(Session & { person: Person })[]>('/admin/sessions');
  const { change, problem: refusal } = useChange(look);
  const note = refusal ?? problem;
  const end = (id: string) => {
    document.getElementById('all-sessions')?.focus();
    change('DELETE', `/admin/sessions/${id}`);
  };
  return (
    <Card id="all-sessions" title="Who is signed in" aside={sessions && `${sessions.length}`}>
      {note && <ProblemNote problem={note} />}
      <ul className="rows">
        {sessions?.map(({ person: { email, name, subject }, ...session }) => {
          const whose = email ?? name ?? subject;
          return (
            <SessionRow key={session.id} session={session} whose={whose}>
              <SureButton label="End" what={`${session.device} of ${whose}`} onSure={() => end(session.id)} />
            </SessionRow>
          );
        })}
      </ul>
    </Card>
  );
}
