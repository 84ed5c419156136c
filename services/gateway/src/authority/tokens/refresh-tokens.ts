import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IdentityStore } from '../../identity/store/identity-store.ts';

/** What is kept of all the refresh tokens that one device ever has: enough to recognise each of them, not enough to make one. */
interface Family<T> {
  key: string;
  /** hashes of the token that counts, of the one before it, and of its successor */
  current: string;
  former?: string;
  next: string;
  replacedAt?: number;
  claims: T;
}

/** `isReused`: it has been used before, by whoever else has it. The family is over. */
export type Shown<T> = { claims: T; isReused: boolean /** what is given for it */; successor: string };

const SHELF = 'refresh';
/** An answer may be lost on its way: for so long the same token gets the same successor again. */
export const GRACE_MS = 60_000;

/**
 * Refresh tokens: each is good for one successor. A token is `<family>.<secret>.<mark>`: the mark tells those that were once given out
 * from those that somebody made up, which do nobody any harm. The successor follows from the secret and the family's key, so that many
 * who ask at once, behind any gateway, are given the same one; from the store alone nobody can tell it.
 */
export class RefreshTokens<T extends object> {
  constructor(
    private readonly store: IdentityStore,
    private readonly now: () => number = Date.now,
  ) {}

  /** The first of a new family. It counts from `keep` on. */
  begin(): { token: string; key: string } {
    const key = randomBytes(32).toString('base64url');
    return { token: tokenOf(randomBytes(16).toString('base64url'), randomBytes(32).toString('base64url'), key), key };
  }

  /** @returns nothing for what was never given out, or belongs to a family that is gone */
  async show(token: string): Promise<Shown<T> | undefined> {
    const [id, secret, mark] = partsOf(token);
    const family = id === undefined ? undefined : await this.store.read<Family<T>>(SHELF, id);
    if (family === undefined || !isEqual(mark!, markOf(id!, secret!, family.key))) return undefined;
    const { claims, key } = family;
    return { claims, isReused: !this.counts(family, hashOf(token)), successor: successorOf(id!, secret!, key) };
  }

  /** Makes this the token that counts. `key`: of a family that begins with it */
  async keep(token: string, claims: T, keepMs: number, key?: string): Promise<void> {
    const [id, secret] = partsOf(token);
    const current = hashOf(token);
    const nextBy = (key: string) => hashOf(successorOf(id!, secret!, key));
    const options = { keepMs, isQuiet: true };
    if (key !== undefined)
      return await this.store.write(SHELF, id!, { key, current, next: nextBy(key), claims }, options);
    const family = await this.store.read<Family<T>>(SHELF, id!);
    if (family === undefined || family.current === current) return;
    const former = family.next === current ? family.current : family.next;
    const times = { current, former, next: nextBy(family.key), replacedAt: this.now() };
    await this.store.replace(SHELF, id!, { ...family, ...times, claims }, options);
  }

  async forget(token: string): Promise<void> {
    const [id] = partsOf(token);
    if (id !== undefined) await this.store.take(SHELF, id);
  }

  // Its successor counts as well: a store that had to be started anew may have missed the last change.
  private counts({ current, next, former, replacedAt = 0 }: Family<T>, shown: string): boolean {
    return shown === current || shown === next || (shown === former && this.now() - replacedAt <= GRACE_MS);
  }
}

const FORM = /^([\w-]{22})\.([\w-]{43})\.([\w-]{22})$/;
const partsOf = (token: string): string[] => FORM.exec(token)?.slice(1) ?? [];

const tokenOf = (id: string, secret: string, key: string) => `${id}.${secret}.${markOf(id, secret, key)}`;
const successorOf = (id: string, secret: string, key: string) => tokenOf(id, mac(key, `successor ${secret}`), key);
const markOf = (id: string, secret: string, key: string) => mac(key, `mark ${id} ${secret}`).slice(0, 22);

const mac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64url');
const hashOf = (token: string) => hash('sha256', token, 'base64url');
const isEqual = (one: string, other: string) => timingSafeEqual(Buffer.from(one), Buffer.from(other));
