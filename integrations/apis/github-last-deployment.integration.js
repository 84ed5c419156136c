// Shows the last deployment to production, by GitHub's own record of deployments.
//
// Needs the secret GITHUB_TOKEN: a fine-grained token that may read deployments (Settings, Developer settings). Hand it over with
//   npm run secrets -- set GITHUB_TOKEN          or start with INTEGRATION_GITHUB_TOKEN=...
// To change: 'your-org/' to your own organisation, and the environment if yours has another name.

const { getJson } = require('../lib/get-json');
const { ago } = require('../lib/time');

const ENVIRONMENT = 'production';

module.exports = {
  metadata: {
    name: 'github-last-deployment',
    description: 'The last deployment to production',
    match: {
      contextType: 'github',
      context: { 'page.repository': { startsWith: 'your-org/' } },
    },
    secrets: { GITHUB_TOKEN: { pathPrefixes: ['/repos'] } },
    hosts: ['api.github.com'],
    cache: 60,
    cacheKey: ['page.repository'],
    priority: 250,
  },

  async run(context, secrets) {
    const { repository } = context.page;
    const [owner, name] = repository.split('/').map(encodeURIComponent);
    const ask = (path) =>
      getJson('GitHub', `https://api.github.com/repos/${owner}/${name}/${path}`, {
        authorization: `Bearer ${secrets.GITHUB_TOKEN}`,
        'x-github-api-version': '2022-11-28',
      });

    const [deployment] = await ask(`deployments?environment=${encodeURIComponent(ENVIRONMENT)}&per_page=1`);
    if (!deployment) return [];
    const [latest] = await ask(`deployments/${deployment.id}/statuses?per_page=1`);

    const state = latest?.state ?? 'pending';
    return {
      type: 'link',
      content: `${deployment.ref} ${state === 'success' ? 'deployed' : state} ${ago(latest?.created_at ?? deployment.created_at)}`,
      href: `https://github.com/${repository}/deployments/${encodeURIComponent(ENVIRONMENT)}`,
      icon: 'deploy',
      status: { success: 'success', failure: 'important', error: 'important' }[state] ?? 'relevant',
      tooltip: `${deployment.sha.slice(0, 7)} by ${deployment.creator?.login ?? 'somebody'}`,
    };
  },
};
