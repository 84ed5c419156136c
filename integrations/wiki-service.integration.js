// Leads from a page of the wiki to the repository that it is about: any web page, recognised by its address alone.
//
// To change: the address in `match` to your own wiki (the extension then asks once whether it may run there), and the `docs` in
// services.data.yml.

const { findService } = require('./lib/find-service');

module.exports = {
  metadata: {
    name: 'wiki-service',
    description: 'The repository and the channel behind a wiki page',
    match: {
      contextType: 'generic',
      context: { url: { startsWith: 'https://wiki.acme.dev/' } },
    },
    cache: 3600,
    priority: 300,
  },

  async run(context, _secrets, dataFiles) {
    // Without query and fragment, and however many slashes stand at the end.
    const { origin, pathname } = new URL(context.url);
    const page = `${origin}${pathname.replace(/\/+$/, '')}`;
    const service = findService(dataFiles, ({ docs = [] }) => docs.some(({ url }) => url === page));
    if (!service) return [];

    const { repository, chat } = service;
    return [
      { type: 'link', content: repository, href: `https://github.com/${repository}`, icon: 'github' },
      { type: 'link', content: `#${chat.channel}`, href: `https://acme.slack.com/archives/${chat.id}`, icon: 'slack' },
    ];
  },
};
