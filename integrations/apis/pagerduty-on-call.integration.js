// Shows who is on call for the repository's service right now.
//
// Needs the secret PAGERDUTY_TOKEN: a read-only API key (Integrations, API Access Keys). Hand it over with
//   npm run secrets -- set PAGERDUTY_TOKEN       or start with INTEGRATION_PAGERDUTY_TOKEN=...
// To change: 'your-org/' to your own organisation, and `pagerDutyService` in services.data.yml to the ids of your services.

const { serviceOfRepository } = require('../lib/find-service');
const { getJson } = require('../lib/get-json');

module.exports = {
  metadata: {
    name: 'pagerduty-on-call',
    description: 'Who is on call for this repository',
    match: {
      contextType: 'github',
      context: { 'page.repository': { startsWith: 'your-org/' } },
    },
    secrets: { PAGERDUTY_TOKEN: { pathPrefixes: ['/services', '/oncalls'] } },
    // Accounts in the EU: api.eu.pagerduty.com, here and below.
    hosts: ['api.pagerduty.com'],
    cache: 300,
    cacheKey: ['page.repository'],
    priority: 290,
  },

  async run(context, secrets, dataFiles) {
    const id = serviceOfRepository(dataFiles, context.page.repository)?.pagerDutyService;
    if (!id) return [];
    const ask = (path) =>
      getJson('PagerDuty', `https://api.pagerduty.com/${path}`, {
        authorization: `Token token=${secrets.PAGERDUTY_TOKEN}`,
      });

    const { service } = await ask(`services/${encodeURIComponent(id)}`);
    const policies = new URLSearchParams({ 'escalation_policy_ids[]': service.escalation_policy.id, earliest: 'true' });
    const { oncalls } = await ask(`oncalls?${policies}`);

    const first = oncalls.find(({ escalation_level }) => escalation_level === 1);
    if (!first)
      return {
        type: 'link',
        content: 'Nobody on call',
        href: service.html_url,
        icon: 'pagerduty',
        status: 'important',
      };
    return {
      type: 'link',
      content: `On call: ${first.user.summary}`,
      href: service.html_url,
      icon: 'pagerduty',
      tooltip: first.end ? `${service.summary}, until ${first.end}` : service.summary,
    };
  },
};
