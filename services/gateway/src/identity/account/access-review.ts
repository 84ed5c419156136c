import type { People } from '../people/people.ts';
import { ROLES } from '../people/person.ts';
import type { Sessions } from '../session/sessions.ts';
import type { MachineTokens } from '../tokens/machine-tokens.ts';

/** Who may do what here, and whether they still do: what somebody has to look at every quarter. */
export class AccessReview {
  constructor(
    private readonly people: Pick<People, 'list'>,
    private readonly sessions: Pick<Sessions, 'list'>,
    private readonly tokens: Pick<MachineTokens, 'list'>,
  ) {}

  /** CSV: people with the most roles first, then those who have not come for longest. */
  async table(): Promise<string> {
    const [people, sessions, tokens] = await Promise.all([
      this.people.list(),
      this.sessions.list(),
      this.tokens.list(),
    ]);
    const used = new Map<string, string>();
    const note = (subject: string, at: string | undefined) => {
      if (at !== undefined && at > (used.get(subject) ?? '')) used.set(subject, at);
    };
    for (const { person, lastUsedAt } of sessions) note(person.subject, lastUsedAt);
    for (const { owner, lastUsedAt } of tokens) note(owner, lastUsedAt);
    const count = (list: { subject: string }[], subject: string) =>
      list.filter((one) => one.subject === subject).length;
    const holders = sessions.map(({ person }) => person);
    const owners = tokens.map(({ owner }) => ({ subject: owner }));
    const rows = people
      .toSorted((a, b) => b.roles.length - a.roles.length || a.signedInAt.localeCompare(b.signedInAt))
      .map(({ subject, email = '', name = '', provider, roles, groups, signedInAt, blockedAt = '' }) => [
        subject,
        email,
        name,
        provider,
        ...ROLES.map((role) => (roles.includes(role) ? 'yes' : '')),
        groups.join(' '),
        signedInAt,
        used.get(subject) ?? signedInAt,
        String(count(holders, subject)),
        String(count(owners, subject)),
        blockedAt,
      ]);
    return `${[HEAD, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
  }
}

const HEAD = [
  ...['subject', 'email', 'name', 'provider', ...ROLES],
  ...['groups', 'signed in', 'last used', 'sessions', 'tokens', 'blocked'],
];

// A name that begins like a formula must not become one in a spreadsheet.
const cell = (text: string): string => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
