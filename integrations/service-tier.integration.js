// Shows how important a service is, and how quickly somebody answers when it breaks: a status that depends on the data.
//
// To change: `tier`, `costCentre` and `tiers` in services.data.yml, and 'acme/' to your own organisation.

const { serviceOfRepository } = require('./lib/find-service');

module.exports = {
  metadata: {
    name: 'service-tier',
    description: 'What this service promises, and who pays for it',
    match: {
      contextType: 'github',
      context: { 'page.repository': { startsWith: 'acme/' } },
    },
    cache: 3600,
    priority: 280,
  },

  async run(context, _secrets, dataFiles) {
    const service = serviceOfRepository(dataFiles, context.page.repository);
    if (!service?.tier) return [];

    const { tiers } = dataFiles.find(({ id }) => id === 'services').data;
    return {
      type: 'text',
      content: `Tier ${service.tier}`,
      icon: 'shield',
      status: service.tier === 1 ? 'important' : 'none',
      tooltip: `${tiers[service.tier]}; cost centre ${service.costCentre}`,
    };
  },
};
