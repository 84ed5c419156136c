import { setTimeout as sleep } from 'node:timers/promises';
import { isFault } from '@fingerpost/contracts';
import type { Log } from '@fingerpost/platform';
import type { JWK } from 'jose';
import type { SecretsSettings } from '../config.ts';
import type { VaultSession } from '../vault/vault-session.ts';
import { openFileRoot } from './file-root.ts';
import type { Root } from './root.ts';
import { TransitRoot } from './transit-root.ts';

const RETRY_MS = 1_000;

export async function openRoot({ dataFolder, vault }: SecretsSettings, session?: VaultSession): Promise<Root> {
  return vault?.root !== undefined && session !== undefined
    ? new TransitRoot(session, vault.root)
    : openFileRoot(dataFolder);
}

/** Nothing can be signed or judged without them: a start waits for them, and says once what for. */
export async function waitForPublicKeys(root: Root, log: Log): Promise<JWK[]> {
  for (let said = ''; ; await sleep(RETRY_MS)) {
    try {
      return await root.publicKeys();
    } catch (error) {
      if (!isFault(error) || error.code !== 'secret.unavailable') throw error;
      if (error.message !== said) log.warn({ err: error }, 'waiting for the root of the signing keys');
      said = error.message;
    }
  }
}
