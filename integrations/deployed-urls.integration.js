// Lists where a repository is deployed: a dropdown.
//
// To change: `urls` in services.data.yml (any environments, in any number), and 'acme/' to your own organisation.

const { serviceOfRepository } = require('./lib/find-service');

module.exports = {
  metadata: {
    name: 'deployed-urls',
    description: 'Where this repository is deployed',
    match: {
      contextType: 'github',
      context: { 'page.repository': { startsWith: 'acme/' } },
    },
    cache: 3600,
    priority: 260,
  },

  async run(context, _secrets, dataFiles) {
    const urls = serviceOfRepository(dataFiles, context.page.repository)?.urls;
    if (!urls) return [];

    return {
      type: 'dropdown',
      content: 'Deployed',
      icon: 'globe',
      items: Object.entries(urls).map(([environment, href]) => ({
        content: environment,
        href,
        icon: 'globe',
        // People should notice that a click leads to real customers.
        status: environment.startsWith('production') ? 'important' : 'none',
        tooltip: new URL(href).host,
      })),
    };
  },
};
