import type { Log } from '@fingerpost/platform';
import { loginBy } from './login.ts';
import { VaultClient } from './vault-client.ts';
import { VaultSession } from './vault-session.ts';
import type { VaultSettings } from './vault-settings.ts';

/** One session for all that this service wants of Vault: a secret id that is good for one use is used once. */
export function openVault({ address, auth }: VaultSettings, log: Log): VaultSession {
  const client = new VaultClient(address);
  return new VaultSession(client, loginBy(auth, client, log), log);
}
