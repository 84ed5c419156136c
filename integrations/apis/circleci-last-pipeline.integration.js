// Shows how the last pipeline on the main branch went.
//
// Needs the secret CIRCLECI_TOKEN: a personal API token (User Settings). Hand it over with
//   npm run secrets -- set CIRCLECI_TOKEN        or start with INTEGRATION_CIRCLECI_TOKEN=...
// To change: 'your-org/' to your own organisation, and BRANCH if yours has another name.

const { getJson } = require('../lib/get-json');
const { ago } = require('../lib/time');

const BRANCH = 'main';
const FAILED = ['failed', 'error', 'failing', 'unauthorized'];

module.exports = {
  metadata: {
    name: 'circleci-last-pipeline',
    description: 'The last pipeline on the main branch',
    match: {
      contextType: 'github',
      context: { 'page.repository': { startsWith: 'your-org/' } },
    },
    secrets: { CIRCLECI_TOKEN: { pathPrefixes: ['/api/v2'] } },
    hosts: ['circleci.com'],
    cache: 60,
    cacheKey: ['page.repository'],
    priority: 230,
  },

  async run(context, secrets) {
    const project = context.page.repository.split('/').map(encodeURIComponent).join('/');
    const ask = (path) =>
      getJson('CircleCI', `https://circleci.com/api/v2/${path}`, { 'circle-token': secrets.CIRCLECI_TOKEN });

    const { items: pipelines } = await ask(`project/gh/${project}/pipeline?branch=${encodeURIComponent(BRANCH)}`);
    const [pipeline] = pipelines;
    if (!pipeline) return [];
    const { items: workflows } = await ask(`pipeline/${pipeline.id}/workflow`);

    const states = workflows.map(({ status }) => status);
    const hasFailed = states.some((state) => FAILED.includes(state));
    const isDone = states.length > 0 && states.every((state) => state === 'success');
    const outcome = hasFailed ? 'failed' : isDone ? 'passed' : (states[0] ?? pipeline.state);
    return {
      type: 'link',
      content: `${BRANCH} ${outcome} ${ago(pipeline.created_at)}`,
      href: `https://app.circleci.com/pipelines/github/${project}/${pipeline.number}`,
      icon: 'circleci',
      status: hasFailed ? 'important' : isDone ? 'success' : 'relevant',
      tooltip: workflows.map(({ name, status }) => `${name}: ${status}`).join(', ') || undefined,
    };
  },
};
