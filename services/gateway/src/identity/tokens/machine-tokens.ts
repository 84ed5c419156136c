import { hash, randomBytes } from 'node:crypto';
import { Fault, type Viewer } from '@fingerpost/contracts';
import type { People } from '../people/people.ts';
import type { Person, Role } from '../people/person.ts';
import type { IdentityStore } from '../store/identity-store.ts';
import { Remembered } from '../store/remembered.ts';

/** An API token that a person has made for a program: known by its hash alone. */
export interface MachineToken {
  id: string;
  name: string;
  /** what it may do: never more than its owner may at the moment */
  roles: Role[];
  /** whose it is */
  owner: string;
  createdAt: string;
  expiresAt: string;
  /** within a minute; absent: never */
  lastUsedAt?: string;
}

type Kept = Omit<MachineToken, 'id'>;

export interface WantedToken {
  name: string;
  roles: Role[];
  days: number;
}

export const MOST_DAYS = 365;
const MOST_TOKENS = 50;
const DAY_MS = 86_400_000;
const SHELF = 'token';
const REMEMBERED = 10_000;
const TOUCH_MS = 60_000;
/** Found by those who look for lost tokens; 256 random bits follow. */
const TOKEN = /^fpt_[A-Za-z0-9_-]{43}$/;

/** Tokens for programs. Each is a viewer of its own, with its owner's groups and some of the owner's roles. */
export class MachineTokens {
  private readonly remembered: Remembered<Kept>;

  constructor(
    private readonly store: IdentityStore,
    private readonly people: People,
    private readonly now: () => number = Date.now,
  ) {
    this.remembered = new Remembered(store, { shelves: [SHELF], most: REMEMBERED });
  }

  /** @returns the token itself, this once. @throws Fault `request.forbidden`, `request.invalid` */
  async make(owner: Person, { name, roles, days }: WantedToken): Promise<MachineToken & { token: string }> {
    const beyond = roles.filter((role) => !owner.roles.includes(role));
    if (beyond.length > 0)
      throw new Fault('request.forbidden', `A token cannot have a role that you do not have: ${beyond.join(', ')}.`);
    if ((await this.store.list(SHELF, owner.subject)).length >= MOST_TOKENS)
      throw new Fault('request.invalid', `You have ${MOST_TOKENS} tokens; end one that is not used any more.`);
    const token = `fpt_${randomBytes(32).toString('base64url')}`;
    const at = this.now();
    const keepMs = days * DAY_MS;
    const kept: Kept = {
      name,
      roles,
      owner: owner.subject,
      createdAt: new Date(at).toISOString(),
      expiresAt: new Date(at + keepMs).toISOString(),
    };
    await this.store.write(SHELF, idOf(token), kept, { owner: owner.subject, keepMs });
    return { id: idOf(token), ...kept, token };
  }

  /** Found by its hash, so that the time it takes tells nothing of other tokens. */
  async viewerOf(token: string): Promise<Viewer | undefined> {
    if (!TOKEN.test(token)) return undefined;
    const id = idOf(token);
    const kept = this.remembered.get(id) ?? (await this.remembered.find(id, () => this.store.read<Kept>(SHELF, id)));
    const owner = kept && (this.people.remember(kept.owner) ?? (await this.people.find(kept.owner)));
    if (kept === undefined || owner === undefined || this.isOver(kept)) return undefined;
    this.touch(id, kept);
    const roles = kept.roles.filter((role) => owner.roles.includes(role));
    const { email, groups } = owner;
    return { subject: subjectOfToken(id), ...(email !== undefined && { email }), groups, roles };
  }

  async list(owner?: string): Promise<MachineToken[]> {
    const entries = await this.store.list<Kept>(SHELF, owner);
    return entries
      .map(({ id, record }) => ({ id, ...record }))
      .toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  }

  /** @returns whose it was; nothing where there is none */
  async end(id: string): Promise<MachineToken | undefined> {
    const kept = await this.store.take<Kept>(SHELF, id);
    return kept && { id, ...kept };
  }

  async endAllOf(owner: string): Promise<string[]> {
    const ids = (await this.store.list(SHELF, owner)).map(({ id }) => id);
    await Promise.all(ids.map((id) => this.end(id)));
    return ids;
  }

  close(): void {
    this.remembered.close();
  }

  private isOver({ expiresAt }: Kept): boolean {
    return this.now() >= Date.parse(expiresAt);
  }

  // Nobody waits for it; what has been ended meanwhile stays ended.
  private touch(id: string, kept: Kept): void {
    const at = this.now();
    if (kept.lastUsedAt !== undefined && at - Date.parse(kept.lastUsedAt) < TOUCH_MS) return;
    kept.lastUsedAt = new Date(at).toISOString();
    const keepMs = Math.max(1, Date.parse(kept.expiresAt) - at);
    this.store.replace(SHELF, id, kept, { owner: kept.owner, keepMs, isQuiet: true }).then(
      (wasThere) => wasThere || this.remembered.forget(id),
      () => {}, // the store is away, and says so itself
    );
  }
}

export const subjectOfToken = (id: string): string => `token:${id}`;

const idOf = (token: string): string => hash('sha256', token, 'base64url');
