import { siteOf } from '@fingerpost/sites';
import type { SiteSettings } from '../gateway/site-settings.ts';

export interface SiteSwitch {
  enabled: boolean;
  partsOff: string[];
}

/** What a gateway says about the site that an origin belongs to. One that it does not name is off: it would refuse to answer. */
export function siteNamed({ adapters, customDomains }: SiteSettings, origin: string): SiteSwitch {
  const { name } = siteOf(new URL(origin));
  const adapter = adapters.find((each) => each.name === name);
  const isNamed = name !== 'generic' || customDomains.includes(origin);
  return { enabled: adapter?.enabled === true && isNamed, partsOff: adapter?.partsOff ?? [] };
}
