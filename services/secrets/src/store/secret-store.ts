import { Fault } from '@fingerpost/contracts';
import type { Secret } from '@fingerpost/platform';

/**
 * Where secrets come from. What is read is what counts now: a value that changes is seen by the next read, without a restart.
 * A store that cannot tell (its file is damaged, its server is away) throws; "nothing there" is `undefined` and never an error.
 */
export interface SecretStore {
  read(name: string): Promise<Secret | undefined>;
  /** what there is, sorted */
  names(): Promise<string[]>;
  /**
   * Changes whenever a value does, else at most when one is written. It travels to other services, so it is made with a key or by chance:
   * nobody can test guesses of a value on it.
   */
  revision(): Promise<string>;
}

/** A store that people may change. */
export interface WritableSecretStore extends SecretStore {
  set(name: string, value: string): Promise<void>;
  /** @returns whether it was there */
  remove(name: string): Promise<boolean>;
}

export async function missingFrom(store: SecretStore, names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(names.map((name) => store.read(name)));
  return names.filter((_, index) => found[index] === undefined);
}

export const notStored = (integration: string, name: string) =>
  new Fault(
    'secret.not_found',
    `Integration "${integration}" needs the secret ${name}; add it with "npm run secrets -- set ${name}" or set INTEGRATION_${name}.`,
    { detail: { secret: name } },
  );
