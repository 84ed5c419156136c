import { Fault } from '@fingerpost/contracts';
import type { Entry, IdentityStore } from '../store/identity-store.ts';
import { Remembered } from '../store/remembered.ts';
import { BREAK_GLASS } from './break-glass-person.ts';
import { isPerson, type Person, subjectOf, type Vouched } from './person.ts';

interface PersonRecord extends Vouched {
  signedInAt: string;
}

type Named = readonly [subject: string, name: string];

/** What the settings give to somebody. @returns nothing when they do not let them in (any more) */
export type Entitle = (vouched: Vouched) => Pick<Person, 'groups' | 'roles'> | undefined;

const SHELF = 'person';
/** Apart from what a sign-in writes: one that is under way must not open an account that is being closed. */
const BLOCKED = 'blocked';
const REMEMBERED = 50_000;

/** Everybody who has ever signed in. What they may do follows from the settings of now and what their provider said last. */
export class People {
  private readonly remembered: Remembered<Person>;

  constructor(
    private readonly store: IdentityStore,
    private readonly entitle: Entitle,
    private readonly now: () => number = Date.now,
  ) {
    this.remembered = new Remembered(store, { shelves: [SHELF, BLOCKED], most: REMEMBERED });
  }

  /** @returns nothing for whoever is unknown, blocked, or let in by no setting */
  remember(subject: string): Person | undefined {
    return this.remembered.get(subject);
  }

  async find(subject: string): Promise<Person | undefined> {
    return this.remembered.get(subject) ?? (await this.remembered.find(subject, () => this.read(subject)));
  }

  /** Keeps what was said at a sign-in. @throws Fault `request.forbidden` for whoever may not come in */
  async welcome(vouched: Vouched): Promise<Person> {
    const subject = subjectOf(vouched.issuer, vouched.sub);
    if (await this.isBlocked(subject))
      throw new Fault('request.forbidden', 'An administrator has closed this account.');
    const record: PersonRecord = { ...vouched, signedInAt: new Date(this.now()).toISOString() };
    const person = this.personIn(subject, record);
    if (person === undefined)
      throw new Fault('request.forbidden', 'This account is none of those that may sign in here.');
    await this.store.write(SHELF, subject, record);
    return person;
  }

  /** @returns whether there is such a person */
  async setBlocked(subject: string, isBlocked: boolean): Promise<boolean> {
    if ((await this.store.read(SHELF, subject)) === undefined) return false;
    if (isBlocked) await this.store.write(BLOCKED, subject, new Date(this.now()).toISOString());
    else await this.store.take(BLOCKED, subject);
    return true;
  }

  /** In the order of their names. */
  async list(): Promise<(Person & { signedInAt: string; blockedAt?: string })[]> {
    const [people, blocked] = await Promise.all([
      this.store.list<PersonRecord>(SHELF),
      this.store.list<string>(BLOCKED),
    ]);
    const blockedAt = new Map(blocked.map(({ id, record }) => [id, record]));
    return people.toSorted(byName).map(({ id, record }) => ({
      ...faceOf(id, record),
      ...(this.entitle(record) ?? { groups: record.groups, roles: [] }),
      signedInAt: record.signedInAt,
      ...(blockedAt.has(id) && { blockedAt: blockedAt.get(id) }),
    }));
  }

  /**
   * What people know them by, whatever has become of their accounts; of subjects that are nobody's, nothing. An address that nobody vouches
   * for, and a name, may be anybody's choice: a part of the subject says whose it is. Names are beside the point where the store is away.
   */
  async namesOf(subjects: readonly string[]): Promise<Record<string, string>> {
    const asked = [...new Set(subjects)].filter(isPerson);
    const named = asked.map(async (subject) => {
      const record = await this.store.read<PersonRecord>(SHELF, subject).catch(() => undefined);
      return [subject, record && calledIn(subject, record)] as const;
    });
    return Object.fromEntries((await Promise.all(named)).filter((entry): entry is Named => entry[1] !== undefined));
  }

  close(): void {
    this.remembered.close();
  }

  private async read(subject: string): Promise<Person | undefined> {
    const record = await this.store.read<PersonRecord>(SHELF, subject);
    const person = record && this.personIn(subject, record);
    return person !== undefined && (await this.isBlocked(subject)) ? undefined : person;
  }

  private async isBlocked(subject: string): Promise<boolean> {
    return (await this.store.read(BLOCKED, subject)) !== undefined;
  }

  private personIn(subject: string, record: PersonRecord): Person | undefined {
    const entitled = this.entitle(record);
    return entitled && { ...faceOf(subject, record), ...entitled };
  }
}

const faceOf = (subject: string, { provider, email, name }: PersonRecord) => ({
  subject,
  provider,
  ...(email !== undefined && { email }),
  ...(name !== undefined && { name }),
});

function calledIn(subject: string, { email, isEmailVerified, name, provider }: PersonRecord): string | undefined {
  if (isEmailVerified && email !== undefined) return email;
  const claimed = email ?? name;
  return claimed === undefined || provider === BREAK_GLASS ? claimed : `${claimed} (${subject.slice(-6)})`;
}

const ALPHABET = new Intl.Collator('en', { numeric: true });

const byName = (a: Entry<PersonRecord>, b: Entry<PersonRecord>): number => ALPHABET.compare(labelOf(a), labelOf(b));

const labelOf = ({ id, record: { name, email } }: Entry<PersonRecord>): string => name ?? email ?? id;
