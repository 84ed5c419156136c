// Shows the topic of a team's Slack channel: often the first place where an incident is announced.
//
// Needs the secret SLACK_TOKEN: a bot token (xoxb-...) with the scope channels:read. Hand it over with
//   npm run secrets -- set SLACK_TOKEN           or start with INTEGRATION_SLACK_TOKEN=...
// To change: 'your-org/' to your own organisation, and `chat.id` in services.data.yml to the ids of your channels.

const { serviceOfRepository } = require('../lib/find-service');
const { getJson } = require('../lib/get-json');

module.exports = {
  metadata: {
    name: 'slack-channel-topic',
    description: 'The topic of the team channel',
    match: {
      contextType: 'github',
      context: { 'page.repository': { startsWith: 'your-org/' } },
    },
    secrets: { SLACK_TOKEN: { pathPrefixes: ['/api/conversations.info'] } },
    hosts: ['slack.com'],
    cache: 120,
    cacheKey: ['page.repository'],
    priority: 295,
  },

  async run(context, secrets, dataFiles) {
    const id = serviceOfRepository(dataFiles, context.page.repository)?.chat?.id;
    if (!id) return [];

    const answer = await getJson(
      'Slack',
      `https://slack.com/api/conversations.info?channel=${encodeURIComponent(id)}`,
      {
        authorization: `Bearer ${secrets.SLACK_TOKEN}`,
      },
    );
    // Slack answers 200 even when it refuses; what it thinks of the call stands in the body.
    if (!answer.ok) throw new Error(`Slack refused conversations.info for ${id}: ${answer.error}`);

    const { name, topic } = answer.channel;
    return {
      type: 'link',
      content: topic?.value ? `#${name}: ${shortened(topic.value)}` : `#${name}`,
      href: `https://slack.com/app_redirect?channel=${encodeURIComponent(id)}`,
      icon: 'slack',
      tooltip: topic?.value ? topic.value.slice(0, 500) : undefined,
    };
  },
};

const shortened = (text) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
