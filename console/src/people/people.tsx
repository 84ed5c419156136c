import type { KnownPerson } from '../account/account.ts';
import { SureButton } from '../account/sure-button.tsx';
import { When } from '../account/when.tsx';
import { Words } from '../account/words.tsx';
import { PagedCard } from '../list/paged-card.tsx';
import { usePaged } from '../list/use-paged.ts';
import { useChange } from '../reading/use-change.ts';

/** Everybody who has ever signed in. @param me whose account nobody closes by mistake */
export function People({ me }: { me: string }) {
  const list = usePaged<KnownPerson>('/admin/people');
  const { change, problem } = useChange(list.look);
  const review = (
    <a href="/admin/access-review" download>
      Access review (CSV)
    </a>
  );
  return (
    <PagedCard
      id="people"
      title="People"
      list={list}
      refusal={problem}
      placeholder="Name, address, group or role"
      empty="Nobody has signed in yet."
      aside={review}
    >
      {(person) => (
        <PersonRow
          key={person.subject}
          person={person}
          isMe={person.subject === me}
          onBlock={() => change('PUT', `/admin/people/${person.subject}/block`)}
          onUnblock={() => change('DELETE', `/admin/people/${person.subject}/block`)}
        />
      )}
    </PagedCard>
  );
}

interface PersonRowProps {
  person: KnownPerson;
  isMe: boolean;
  onBlock(): void;
  onUnblock(): void;
}

function PersonRow({ person, isMe, onBlock, onUnblock }: PersonRowProps) {
  const { name, email, subject, provider, roles, groups, signedInAt, blockedAt } = person;
  const label = name ?? email ?? subject;
  return (
    <li>
      <div className="name">
        <b>{label}</b>
        {isMe && <span className="tag">you</span>}
        {blockedAt !== undefined && <span className="tag bad">closed</span>}
        <p className="quiet">{email}</p>
      </div>
      <div className="about">
        {roles.length > 0 ? <Words words={roles} /> : <span className="quiet">No setting lets them in.</span>}
        <p className="quiet">
          {groups.length > 0 && `In ${groups.join(', ')}. `}Signed in with {provider} <When at={signedInAt} />
        </p>
      </div>
      <div className="act">
        {blockedAt !== undefined && (
          <button type="button" onClick={onUnblock}>
            Open account<span className="unseen"> of {label}</span>
          </button>
        )}
        {blockedAt === undefined && !isMe && <SureButton label="Close account" what={`of ${label}`} onSure={onBlock} />}
      </div>
    </li>
  );
}
