import { certifiedSigner, type Service, startService } from '@fingerpost/platform';
import type { Database } from '@fingerpost/platform/database';
import { checkTogether } from './config.ts';
import { type RegistryParts, registryModule } from './registry.module.ts';
import { openStore } from './store/open-store.ts';

export { type RegistrySettings, registrySettings } from './config.ts';
export type { RegistryParts } from './registry.module.ts';

/** Serves once its database is there and the secrets service has certified its key; the one replica that leads takes code in from then on. */
export async function startRegistry(
  parts: Omit<RegistryParts, 'database' | 'certified'> & { database?: Database },
): Promise<Service> {
  const { settings, bus, log } = parts;
  checkTogether(settings);
  const database = parts.database ?? (await openStore(settings, log));
  const certified = await certifiedSigner('registry', bus, log);
  const service = await startService('registry', registryModule({ ...parts, database, certified }), bus, log);
  return {
    close: async () => {
      await service.close();
      certified.close();
      if (parts.database === undefined) await database.close();
    },
  };
}
