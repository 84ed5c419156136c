import type { SiteSettings } from '../gateway/site-settings.ts';

/** Pages that the bar can be switched on for, as the settings page shows them. */
export interface ProviderView {
  name: string;
  description: string;
  /** patterns to be granted, e.g. `https://github.com/*` */
  origins: string[];
  isGranted: boolean;
}

/** From the gateway's word. Only web pages over https, and never all of them at once: a gateway is somebody else's program. */
export function providersFrom({ adapters, customDomains }: SiteSettings): Omit<ProviderView, 'isGranted'>[] {
  const sites = adapters
    .filter(({ enabled, urls }) => enabled && urls.length > 0)
    .map(({ name, description, urls }) => ({ name, description, origins: urls.flatMap(patternOf) }));
  const pages = customDomains.flatMap((domain) => {
    const origins = patternOf(domain);
    return origins.map((origin) => ({
      name: new URL(origin.slice(0, -2)).hostname,
      description: 'A page that an integration names',
      origins: [origin],
    }));
  });
  return [...sites, ...pages].filter(({ origins }) => origins.length > 0);
}

const PATTERN = /^https:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** An origin as the browser's permissions spell it; a wildcard needs two more names behind it. */
export function patternOf(origin: string): string[] {
  const isTooWide = /^https:\/\/\*\.[^.]+$/.test(origin);
  return PATTERN.test(origin) && !isTooWide ? [`${origin.toLowerCase()}/*`] : [];
}
