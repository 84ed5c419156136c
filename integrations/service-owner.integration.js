// Shows who owns the repository and where to talk to them: an answer from a data file, no API at all.
//
// To change: the services in services.data.yml, 'acme/' to your own organisation, and acme.slack.com to your own workspace.

const { serviceOfRepository } = require('./lib/find-service');

module.exports = {
  metadata: {
    name: 'service-owner',
    description: 'The team that owns this repository and its chat channel',
    match: {
      contextType: 'github',
      context: { 'page.repository': { startsWith: 'acme/' } },
    },
    cache: 3600,
    priority: 300,
  },

  async run(context, _secrets, dataFiles) {
    const service = serviceOfRepository(dataFiles, context.page.repository);
    if (!service) return [];

    const { team, owner, chat } = service;
    return [
      { type: 'text', content: team, icon: 'team', tooltip: `${owner} leads ${team}` },
      { type: 'link', content: `#${chat.channel}`, href: `https://acme.slack.com/archives/${chat.id}`, icon: 'slack' },
    ];
  },
};
