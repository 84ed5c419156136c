import type { Person, Session } from '../account/account.ts';
import { SureButton } from '../account/sure-button.tsx';
import { PagedCard } from '../list/paged-card.tsx';
import { usePaged } from '../list/use-paged.ts';
import { useChange } from '../reading/use-change.ts';
import { SessionRow } from './session-row.tsx';

/** Who is signed in, and where. */
export function AllSessions() {
  const list = usePaged<Session & { person: Person }>('/admin/sessions');
  const { change, problem } = useChange(list.look);
  const end = (id: string) => {
    document.getElementById('all-sessions')?.focus();
    change('DELETE', `/admin/sessions/${id}`);
  };
  return (
    <PagedCard
      id="all-sessions"
      title="Who is signed in"
      list={list}
      refusal={problem}
      placeholder="Name, address or device"
      empty="Nobody is."
    >
      {({ person: { email, name, subject }, ...session }) => {
        const whose = email ?? name ?? subject;
        return (
          <SessionRow key={session.id} session={session} whose={whose}>
            <SureButton label="End" what={`${session.device} of ${whose}`} onSure={() => end(session.id)} />
          </SessionRow>
        );
      }}
    </PagedCard>
  );
}
