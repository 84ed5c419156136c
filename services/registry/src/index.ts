import { type Service, startService } from '@fingerpost/platform';
import type { Database } from '@fingerpost/platform/database';
import { checkTogether } from './config.ts';
import { type RegistryParts, registryModule } from './registry.module.ts';
import { openStore } from './store/open-store.ts';

export { type RegistrySettings, registrySettings } from './config.ts';
export type { RegistryParts } from './registry.module.ts';

/** Serves once its database is there and the secrets service has certified its key; the one replica that leads takes code in from then on. */
export async function startRegistry(
  parts: Omit<RegistryParts, 'database'> & { database?: Database },
): Promise<Service> {
  checkTogether(parts.settings);
  const database = parts.database ?? (await openStore(parts.settings, parts.log));
  const service = await startService('registry', registryModule({ ...parts, database }), parts.bus, parts.log);
  return {
    close: async () => {
      await service.close();
      if (parts.database === undefined) await database.close();
    },
  };
}
