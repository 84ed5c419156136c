import { AuditTrail } from '../audit/audit-trail.tsx';
import { People } from '../people/people.tsx';
import { useRead } from '../reading/use-read.ts';
import { AllSessions } from '../sessions/all-sessions.tsx';
import { AllTokens } from '../tokens/all-tokens.tsx';
import { type KnownPerson, namesOf, type Person } from './account.ts';
import type { Section } from './section.ts';

/** What administrators see and end. */
export function Administration({ section, me }: { section: Section; me: Person }) {
  const { value: people, problem, look } = useRead<KnownPerson[]>('/admin/people');
  const nameOf = namesOf(people ?? [me]);
  switch (section) {
    case 'people':
      return <People people={people} problem={problem} me={me.subject} onChange={look} />;
    case 'sessions':
      return <AllSessions />;
    case 'tokens':
      return <AllTokens nameOf={nameOf} />;
    case 'audit':
      return <AuditTrail nameOf={nameOf} />;
    case 'account':
      return null;
  }
}
