// Lists the feature flags of a repository, and whether they are on in production.
//
// Needs the secret LAUNCHDARKLY_TOKEN: an access token with the role Reader (Account settings, Authorization). Hand it over with
//   npm run secrets -- set LAUNCHDARKLY_TOKEN    or start with INTEGRATION_LAUNCHDARKLY_TOKEN=...
// To change: 'your-org/' to your own organisation, PROJECT and ENVIRONMENT to your own keys. Flags carry the repository's name as a tag.

const { getJson } = require('../lib/get-json');

const PROJECT = 'default';
const ENVIRONMENT = 'production';

module.exports = {
  metadata: {
    name: 'launchdarkly-flags',
    description: 'Feature flags of this repository',
    match: {
      contextType: 'github',
      context: { 'page.repository': { startsWith: 'your-org/' } },
    },
    secrets: { LAUNCHDARKLY_TOKEN: { pathPrefixes: ['/api/v2/flags'] } },
    hosts: ['app.launchdarkly.com'],
    cache: 300,
    cacheKey: ['page.repository'],
    priority: 210,
  },

  async run(context, secrets) {
    const [, name] = context.page.repository.split('/');
    const query = new URLSearchParams({ filter: `tags:${name}`, env: ENVIRONMENT, limit: '50' });
    const { items: flags } = await getJson(
      'LaunchDarkly',
      `https://app.launchdarkly.com/api/v2/flags/${PROJECT}?${query}`,
      {
        authorization: secrets.LAUNCHDARKLY_TOKEN,
      },
    );
    if (flags.length === 0) return [];

    const isOn = (flag) => flag.environments?.[ENVIRONMENT]?.on === true;
    return {
      type: 'dropdown',
      content: `Flags: ${flags.filter(isOn).length} of ${flags.length} on`,
      icon: 'launchdarkly',
      items: flags.map((flag) => ({
        content: flag.name,
        href: `https://app.launchdarkly.com/projects/${PROJECT}/flags/${encodeURIComponent(flag.key)}`,
        icon: 'flag',
        status: isOn(flag) ? 'success' : 'none',
        tooltip: `${flag.key} is ${isOn(flag) ? 'on' : 'off'} in ${ENVIRONMENT}`,
      })),
    };
  },
};
