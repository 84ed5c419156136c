// Links the runbook and the docs of a repository. One link stands in the bar by itself; several become a dropdown.
//
// To change: `docs` in services.data.yml, and 'acme/' to your own organisation.

const { serviceOfRepository } = require('./lib/find-service');

module.exports = {
  metadata: {
    name: 'runbooks',
    description: 'Runbook, architecture and dashboards of this repository',
    match: {
      contextType: 'github',
      context: { 'page.repository': { startsWith: 'acme/' } },
    },
    cache: 3600,
    priority: 220,
  },

  async run(context, _secrets, dataFiles) {
    const docs = serviceOfRepository(dataFiles, context.page.repository)?.docs ?? [];
    const links = docs.map(({ title, url, icon }) => ({ type: 'link', content: title, href: url, icon }));
    return links.length > 1 ? { type: 'dropdown', content: 'Docs', icon: 'docs', items: links } : links;
  },
};
