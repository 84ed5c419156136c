import { browser } from 'wxt/browser';
import { demoSites } from '../demo/demo-sites.ts';
import type { SiteSettings } from '../gateway/site-settings.ts';
import type { Profile } from '../profiles/profiles.ts';
import { type ProviderView, providersFrom } from '../providers/providers.ts';
import { credentials, display, gatewaySites, profiles } from './parts.ts';
import { type SiteSwitch, siteNamed } from './site-named.ts';

/** What the gateway says about the site that a page belongs to; nothing while it cannot be asked. */
export async function siteOn(profile: Profile, origin: string): Promise<SiteSwitch | undefined> {
  const token = await credentials.token(profile).catch(() => undefined);
  const settings = token === undefined ? undefined : await gatewaySites.read(profile, token);
  return settings && siteNamed(settings, origin);
}

/** What can be switched on in the settings, and whether it is. */
export async function readProviders(): Promise<ProviderView[]> {
  const [{ active }, { isDemo }] = await Promise.all([profiles.read(), display.read()]);
  const settings = isDemo ? demoSites : active && (await sitesOf(active));
  if (!settings) return [];
  const views = providersFrom(settings).map(async (provider) => ({
    ...provider,
    isGranted: await browser.permissions.contains({ origins: provider.origins }),
  }));
  return Promise.all(views);
}

async function sitesOf(profile: Profile): Promise<SiteSettings | undefined> {
  const token = await credentials.token(profile).catch(() => undefined);
  return token === undefined
    ? undefined
    : gatewaySites.ask(profile, token).catch(() => gatewaySites.read(profile, token));
}
