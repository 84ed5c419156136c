import { type Bus, type Log, type Service, type SigningKey, startService } from '@fingerpost/platform';
import type { SecretsSettings } from './config.ts';
import type { Resolve } from './outbound/guard.ts';
import { secretsModule } from './secrets.module.ts';
import { loadRootKey } from './sign/signing-key.ts';

export interface StartSecrets {
  settings: SecretsSettings;
  bus: Bus;
  log: Log;
  /** the root key; loaded from the data folder, or made there, where not given */
  rootKey?: SigningKey;
  /** for tests: how names become addresses */
  resolve?: Resolve;
}

export async function startSecrets({ settings, bus, log, rootKey, resolve }: StartSecrets): Promise<Service> {
  const root = rootKey ?? (await loadRootKey(settings.dataFolder));
  return startService('secrets', secretsModule({ settings, bus, log, rootKey: root, resolve }), bus, log);
}
