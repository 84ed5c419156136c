import type { GatewayProblem } from '@fingerpost/bar';
import type { KnownPerson } from '../account/account.ts';
import { Card } from '../account/card.tsx';
import { SureButton } from '../account/sure-button.tsx';
import { When } from '../account/when.tsx';
import { Words } from '../account/words.tsx';
import { ProblemNote } from '../problem/problem-note.tsx';
import { useChange } from '../reading/use-change.ts';

interface PeopleProps {
  people: KnownPerson[] | undefined;
  problem: GatewayProblem | undefined;
  /** whose account nobody closes by mistake */
  me: string;
  onChange(): void;
}

/** Everybody who has ever signed in. */
export function People({ people, problem, me, onChange }: PeopleProps) {
  const { change, problem: refusal } = useChange(onChange);
  const note = refusal ?? problem;
  const review = (
    <a href="/admin/access-review" download>
      Access review (CSV)
    </a>
  );
  return (
    <Card id="people" title="People" aside={review}>
      {note && <ProblemNote problem={note} />}
      <ul className="rows">
        {people?.map((person) => (
          <PersonRow
            key={person.subject}
            person={person}
            isMe={person.subject === me}
            onBlock={() => change('PUT', `/admin/people/${person.subject}/block`)}
            onUnblock={() => change('DELETE', `/admin/people/${person.subject}/block`)}
          />
        ))}
      </ul>
    </Card>
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
        <Words words={roles} />
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
