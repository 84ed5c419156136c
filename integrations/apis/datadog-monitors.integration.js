// Shows which Datadog monitors of the service are in alarm.
//
// Needs the secrets DATADOG_API_KEY and DATADOG_APP_KEY (Organization Settings; the application key with scope monitors_read):
//   npm run secrets -- set DATADOG_API_KEY       or start with INTEGRATION_DATADOG_API_KEY=...
//   npm run secrets -- set DATADOG_APP_KEY       or start with INTEGRATION_DATADOG_APP_KEY=...
// To change: 'your-org/' to your own organisation, and SITE if yours is not US1. Monitors carry a tag service:<repository name>.

const { getJson } = require('../lib/get-json');

const SITE = 'datadoghq.com';

module.exports = {
  metadata: {
    name: 'datadog-monitors',
    description: 'Monitors of this service that are in alarm',
    match: {
      contextType: 'github',
      context: { 'page.repository': { startsWith: 'your-org/' } },
    },
    secrets: {
      DATADOG_API_KEY: { pathPrefixes: ['/api/v1/monitor'] },
      DATADOG_APP_KEY: { pathPrefixes: ['/api/v1/monitor'] },
    },
    hosts: [`api.${SITE}`],
    cache: 60,
    cacheKey: ['page.repository'],
    priority: 270,
  },

  async run(context, secrets) {
    const [, name] = context.page.repository.split('/');
    const query = new URLSearchParams({ query: `tag:"service:${name}"`, per_page: '100' });
    const { monitors } = await getJson('Datadog', `https://api.${SITE}/api/v1/monitor/search?${query}`, {
      'dd-api-key': secrets.DATADOG_API_KEY,
      'dd-application-key': secrets.DATADOG_APP_KEY,
    });
    if (monitors.length === 0) return [];

    const troubled = monitors.filter(({ status }) => status === 'Alert' || status === 'Warn');
    if (troubled.length === 0) {
      const href = `https://app.${SITE}/monitors/manage?q=${encodeURIComponent(`tag:"service:${name}"`)}`;
      return {
        type: 'link',
        content: 'Monitors calm',
        href,
        icon: 'datadog',
        status: 'success',
        tooltip: `${monitors.length} watched`,
      };
    }
    return {
      type: 'dropdown',
      content: `${troubled.length} of ${monitors.length} monitors in alarm`,
      icon: 'datadog',
      status: 'important',
      items: troubled.map((monitor) => ({
        content: monitor.name,
        href: `https://app.${SITE}/monitors/${encodeURIComponent(monitor.id)}`,
        status: monitor.status === 'Alert' ? 'important' : 'relevant',
      })),
    };
  },
};
