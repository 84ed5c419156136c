import { type Bus, type Log, type Service, startService } from '@fingerpost/platform';
import type { JWK } from 'jose';
import type { SecretsSettings } from './config.ts';
import type { Resolve } from './outbound/guard.ts';
import { secretsModule } from './secrets.module.ts';
import { openRoot, waitForPublicKeys } from './sign/open-root.ts';
import { openVault } from './vault/open-vault.ts';

export interface StartSecrets {
  settings: SecretsSettings;
  bus: Bus;
  log: Log;
  /** for tests: how names become addresses */
  resolve?: Resolve;
}

export interface SecretsService extends Service {
  /** what signatures are judged by, in every service */
  rootKeys: JWK[];
}

export async function startSecrets({ settings, bus, log, resolve }: StartSecrets): Promise<SecretsService> {
  const vault = settings.vault && openVault(settings.vault, log);
  const root = await openRoot(settings, vault);
  const rootKeys = await waitForPublicKeys(root, log);
  const module = secretsModule({ settings, bus, log, vault, root, rootKeys, resolve });
  const service = await startService('secrets', module, bus, log);
  return {
    rootKeys,
    close: async () => {
      await service.close();
      await vault?.close(); // the last: what was lent to runs has been given back by it
    },
  };
}
