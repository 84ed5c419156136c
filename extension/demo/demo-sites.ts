import type { SiteSettings } from '../gateway/site-settings.ts';

const site = (name: string, description: string, ...urls: string[]) => ({ name, description, urls, enabled: true });

/** Where the demo can be looked at. A gateway names its sites itself; here there is none to ask. */
export const demoSites: SiteSettings = {
  adapters: [
    site('github', 'Repositories, pull requests and code', 'https://github.com'),
    site('aws', 'Resources', 'https://console.aws.amazon.com', 'https://*.console.aws.amazon.com'),
    site('gitlab', 'Projects, merge requests and pipelines', 'https://gitlab.com'),
  ],
  customDomains: [],
};
