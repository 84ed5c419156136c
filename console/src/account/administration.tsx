import { AuditTrail } from '../audit/audit-trail.tsx';
import { People } from '../people/people.tsx';
import { AllSessions } from '../sessions/all-sessions.tsx';
import { AllTokens } from '../tokens/all-tokens.tsx';
import type { Section } from './section.ts';

/** What administrators see and end. @param me whose page it is */
export function Administration({ section, me }: { section: Section; me: string }) {
  switch (section) {
    case 'people':
      return <People me={me} />;
    case 'sessions':
      return <AllSessions />;
    case 'tokens':
      return <AllTokens />;
    case 'audit':
      return <AuditTrail />;
    case 'account':
      return null;
  }
}
