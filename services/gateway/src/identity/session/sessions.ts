import { hash, randomBytes } from 'node:crypto';
import type { People } from '../people/people.ts';
import type { Person } from '../people/person.ts';
import type { IdentityStore } from '../store/identity-store.ts';
import { Remembered } from '../store/remembered.ts';
import { IDLE_MS, LONGEST_MS, type Session } from './session.ts';

/** As it is kept: times in ms. What the person is, `People` knows. */
interface SessionRecord {
  subject: string;
  device: string;
  createdAt: number;
  lastUsedAt: number;
  /** with use, too */
  endsAt: number;
  /** the provider's own name for its session, by which it may end ours */
  sid?: string;
  isBreakGlass?: true;
}

export interface OpenOptions {
  device: string;
  sid?: string;
  longestMs?: number;
  isBreakGlass?: true;
}

const SHELF = 'session';
const REMEMBERED = 50_000;
/** How old what the store knows of the last use may be. */
const TOUCH_MS = 60_000;

/**
 * Who is signed in, and where. A session that was seen is remembered, so that most requests ask nobody; one that is ended is forgotten
 * everywhere within a second or so (`IdentityStore.watch`). While the store is away, those that are remembered go on.
 */
export class Sessions {
  private readonly remembered: Remembered<SessionRecord>;
  private readonly listeners = new Set<(id: string) => void>();

  constructor(
    private readonly store: IdentityStore,
    private readonly people: People,
    private readonly now: () => number = Date.now,
  ) {
    this.remembered = new Remembered(store, {
      shelves: [SHELF],
      most: REMEMBERED,
      onForget: (id) => {
        for (const listener of this.listeners) listener(id);
      },
    });
  }

  /** @returns the session, and what the device shows for it from now on: nobody else ever has that */
  async open(person: Person, options: OpenOptions): Promise<{ session: Session; secret: string }> {
    const secret = randomBytes(32).toString('base64url');
    const id = idOf(secret);
    const at = this.now();
    const { device, sid, isBreakGlass, longestMs = LONGEST_MS } = options;
    const record: SessionRecord = {
      subject: person.subject,
      device,
      createdAt: at,
      lastUsedAt: at,
      endsAt: at + longestMs,
      ...(sid !== undefined && { sid }),
      ...(isBreakGlass && { isBreakGlass }),
    };
    await this.store.write(SHELF, id, record, this.keeping(record));
    this.remembered.set(id, record);
    return { session: sessionIn(id, record, person), secret };
  }

  /** Another device's, by way of this one: what ends this one's at the provider ends that one, too. */
  async openBeside({ id, person }: Session, device: string): Promise<Session> {
    const { sid } = (await this.recordOf(id)) ?? {};
    return (await this.open(person, { device, ...(sid !== undefined && { sid }) })).session;
  }

  /** Whose session this is, from what a device shows; that counts as use. */
  async of(secret: string): Promise<Session | undefined> {
    return SECRET.test(secret) ? await this.use(idOf(secret)) : undefined;
  }

  /** The session of this id, used by this. @returns nothing for one that has ended */
  async use(id: string): Promise<Session | undefined> {
    const record = await this.recordOf(id);
    const person = record && (this.people.remember(record.subject) ?? (await this.people.find(record.subject)));
    if (record === undefined || person === undefined) return undefined;
    this.touch(id, record);
    return sessionIn(id, record, person);
  }

  async endOf(secret: string): Promise<void> {
    if (SECRET.test(secret)) await this.end(idOf(secret));
  }

  /** @returns whether there was one */
  async end(id: string): Promise<boolean> {
    return (await this.store.take(SHELF, id)) !== undefined;
  }

  /** Of one person, or of everybody. */
  async list(subject?: string): Promise<Session[]> {
    const sessions: Session[] = [];
    for (const { id, record } of await this.store.list<SessionRecord>(SHELF, subject)) {
      const person = this.isOver(record) ? undefined : await this.people.find(record.subject);
      if (person !== undefined) sessions.push(sessionIn(id, record, person));
    }
    return sessions.sort((a, b) => b.lastUsedAt.localeCompare(a.lastUsedAt));
  }

  /** Ends all of somebody's, or those that the provider calls `sid`. @returns those that it ended */
  async endAllOf(subject: string, sid?: string): Promise<string[]> {
    const entries = await this.store.list<SessionRecord>(SHELF, subject);
    const meant = entries.filter(({ record }) => sid === undefined || record.sid === sid).map(({ id }) => id);
    await Promise.all(meant.map((id) => this.end(id)));
    return meant;
  }

  /** Ends those of a provider's people that it calls `sid`, whoever they are. @returns those that it ended */
  async endBySid(provider: string, sid: string): Promise<string[]> {
    const meant: string[] = [];
    for (const { id, record } of await this.store.list<SessionRecord>(SHELF))
      if (record.sid === sid && (await this.people.find(record.subject))?.provider === provider) meant.push(id);
    await Promise.all(meant.map((id) => this.end(id)));
    return meant;
  }

  /** Hears of every session that ends, behind any gateway, within a second or so; not of those that merely run out. */
  watchEnded(listener: (id: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.remembered.close();
  }

  private async recordOf(id: string): Promise<SessionRecord | undefined> {
    const known = this.remembered.get(id);
    if (known !== undefined && !this.isOver(known)) return known;
    // Another gateway may have seen it used since.
    const record = await this.remembered.find(id, () => this.store.read<SessionRecord>(SHELF, id));
    return record === undefined || this.isOver(record) ? undefined : record;
  }

  private isOver({ lastUsedAt, endsAt }: SessionRecord): boolean {
    return this.now() >= Math.min(endsAt, lastUsedAt + IDLE_MS);
  }

  // Nobody waits for it; what has been ended meanwhile stays ended.
  private touch(id: string, record: SessionRecord): void {
    const at = this.now();
    if (at - record.lastUsedAt < TOUCH_MS) return;
    record.lastUsedAt = at;
    this.store.replace(SHELF, id, record, { ...this.keeping(record), isQuiet: true }).then(
      (wasThere) => wasThere || this.remembered.forget(id),
      () => {}, // the store is away, and says so itself
    );
  }

  private keeping({ subject, endsAt }: SessionRecord) {
    return { owner: subject, keepMs: Math.max(1, Math.min(endsAt - this.now(), IDLE_MS)) };
  }
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;

const idOf = (secret: string): string => hash('sha256', secret, 'base64url');

function sessionIn(id: string, record: SessionRecord, person: Person): Session {
  const { device, createdAt, lastUsedAt, endsAt, isBreakGlass } = record;
  return {
    id,
    person,
    device,
    createdAt: new Date(createdAt).toISOString(),
    lastUsedAt: new Date(lastUsedAt).toISOString(),
    expiresAt: new Date(Math.min(endsAt, lastUsedAt + IDLE_MS)).toISOString(),
    ...(isBreakGlass && { isBreakGlass }),
  };
}
