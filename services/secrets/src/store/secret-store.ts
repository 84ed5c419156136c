import { Fault } from '@fingerpost/contracts';
import type { Secret } from '@fingerpost/platform';
import type { StoredBinding } from './stored-binding.ts';

/** The run that a secret is read for: what is made for it alone ends with it. */
export interface ForRun {
  id: string;
  /** when no ticket of it is good any more, epoch milliseconds */
  forgetAt: number;
  /** nothing is made for it any more */
  isOver?: boolean;
}

/**
 * Where secrets come from. What is read is what counts now: a value that changes is seen without a restart, by the next read or, where the
 * store is a server, within 2 s. A store that cannot tell throws (`secret.unavailable` where its server is away, so that others go on);
 * "nothing there" is `undefined` and never an error.
 */
export interface SecretStore {
  read(name: string, run: ForRun): Promise<Secret | undefined>;
  has(name: string): Promise<boolean>;
  /** what there is, sorted */
  names(): Promise<string[]>;
  /**
   * Changes whenever a value or a binding does, else at most when one is written. It travels to other services, so it is made with a key or by
   * chance: nobody can test guesses of a value on it. Stays what it was while a server is away.
   */
  revision(): Promise<string>;
  /** where whoever keeps the secret lets it go; absent where that is left to grants */
  binding?(name: string): Promise<StoredBinding | undefined>;
  /** why it cannot tell at the moment, for people; `undefined` while it can */
  outage?(): string | undefined;
  /** for people: where a secret of this name is put, if not by `npm run secrets` */
  placeOf?(name: string): string | undefined;
  /** A run is over: what was made for it is taken back. */
  release?(runId: string): void;
  /** Takes back all that was made for anybody. */
  close?(): Promise<void>;
}

/** A store that people may change. */
export interface WritableSecretStore extends SecretStore {
  set(name: string, value: string): Promise<void>;
  /** @returns whether it was there */
  remove(name: string): Promise<boolean>;
}

export async function missingFrom(store: SecretStore, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map((name) => store.has(name)));
  return names.filter((_, index) => !found[index]);
}

export const notStored = (integration: string, name: string, place?: string) =>
  new Fault(
    'secret.not_found',
    `Integration "${integration}" needs the secret ${name}; ${
      place === undefined
        ? `add it with "npm run secrets -- set ${name}" or set INTEGRATION_${name}`
        : `put it into ${place}`
    }.`,
    { detail: { secret: name } },
  );
