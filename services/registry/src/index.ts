import { type Service, startService } from '@fingerpost/platform';
import { checkTogether } from './config.ts';
import { type RegistryParts, registryModule } from './registry.module.ts';

export { type RegistrySettings, registrySettings } from './config.ts';
export type { RegistryParts } from './registry.module.ts';

/** Serves once the secrets service has certified its key; code is taken in from then on, as runners inspect it. */
export async function startRegistry(parts: RegistryParts): Promise<Service> {
  checkTogether(parts.settings);
  return startService('registry', registryModule(parts), parts.bus, parts.log);
}
