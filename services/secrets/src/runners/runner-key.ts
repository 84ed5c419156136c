import { Secret } from '@fingerpost/platform';

/** By which users of one NATS account are signed: whoever holds it can be anybody there. */
export interface RunnerKey {
  /** public key of the account */
  account: string;
  /** private half of one of the account's signing keys */
  seed: Secret;
}

/** `{ "account": "A...", "seed": "SA..." }`, as `npm run nats:identities` writes it. @throws without quoting the text */
export function parseRunnerKey(text: string): RunnerKey {
  let key: unknown;
  try {
    key = JSON.parse(text);
  } catch {
    throw new Error('it is no JSON');
  }
  const { account, seed } = (key ?? {}) as Record<string, unknown>;
  if (!/^A[A-Z2-7]{55}$/.test(String(account)) || !/^SA[A-Z2-7]{56}$/.test(String(seed)))
    throw new Error('it must be { "account": "A...", "seed": "SA..." }');
  return { account: String(account), seed: new Secret(String(seed)) };
}
