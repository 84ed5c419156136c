import { Fault } from '@fingerpost/contracts';
import { LRUCache } from 'lru-cache';
import type { Entry, IdentityStore } from '../store/identity-store.ts';
import { type Person, subjectOf } from './person.ts';

/** What a provider has said of somebody, checked. */
export interface Vouched {
  provider: string;
  issuer: string;
  /** the person's own `sub` there */
  sub: string;
  email?: string;
  /** whether the provider vouches for that address, too */
  isEmailVerified: boolean;
  name?: string;
  /** Google's name of the company whose account it is */
  hostedDomain?: string;
  groups: string[];
}

export interface PersonRecord extends Vouched {
  signedInAt: string;
  blockedAt?: string;
}

/** What the settings give to somebody. @returns nothing when they do not let them in (any more) */
export type Entitle = (vouched: Vouched) => Pick<Person, 'groups' | 'roles'> | undefined;

const SHELF = 'person';
const REMEMBERED = 50_000;

/** Everybody who has ever signed in. What they may do follows from the settings of now and what their provider said last. */
export class People {
  private readonly remembered = new LRUCache<string, Person>({ max: REMEMBERED });
  private readonly stopWatching: () => void;

  constructor(
    private readonly store: IdentityStore,
    private readonly entitle: Entitle,
    private readonly now: () => number = Date.now,
  ) {
    this.stopWatching = store.watch((change) => {
      if (change === 'anything') this.remembered.clear();
      else if (change.shelf === SHELF) this.remembered.delete(change.id);
    });
  }

  /** @returns nothing for whoever is unknown, blocked, or let in by no setting */
  remember(subject: string): Person | undefined {
    return this.remembered.get(subject);
  }

  async find(subject: string): Promise<Person | undefined> {
    const known = this.remembered.get(subject);
    if (known !== undefined) return known;
    const record = await this.store.read<PersonRecord>(SHELF, subject);
    const person = record && this.personIn(subject, record);
    if (person !== undefined) this.remembered.set(subject, person);
    return person;
  }

  /** Keeps what was said at a sign-in. @throws Fault `request.forbidden` for whoever may not come in */
  async welcome(vouched: Vouched): Promise<Person> {
    const subject = subjectOf(vouched.issuer, vouched.sub);
    const before = await this.store.read<PersonRecord>(SHELF, subject);
    if (before?.blockedAt !== undefined)
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
    const record = await this.store.read<PersonRecord>(SHELF, subject);
    if (record === undefined) return false;
    const { blockedAt: _, ...rest } = record;
    const changed = isBlocked ? { ...rest, blockedAt: new Date(this.now()).toISOString() } : rest;
    return await this.store.replace<PersonRecord>(SHELF, subject, changed);
  }

  async list(): Promise<(Person & { signedInAt: string; blockedAt?: string })[]> {
    const entries = await this.store.list<PersonRecord>(SHELF);
    return entries.map(({ id, record }: Entry<PersonRecord>) => ({
      ...faceOf(id, record),
      ...(this.entitle(record) ?? { groups: record.groups, roles: [] }),
      signedInAt: record.signedInAt,
      ...(record.blockedAt !== undefined && { blockedAt: record.blockedAt }),
    }));
  }

  close(): void {
    this.stopWatching();
  }

  private personIn(subject: string, record: PersonRecord): Person | undefined {
    const entitled = record.blockedAt === undefined ? this.entitle(record) : undefined;
    return entitled && { ...faceOf(subject, record), ...entitled };
  }
}

const faceOf = (subject: string, { provider, email, name }: PersonRecord) => ({
  subject,
  provider,
  ...(email !== undefined && { email }),
  ...(name !== undefined && { name }),
});
