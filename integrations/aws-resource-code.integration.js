// Leads from a resource in the AWS console to the code and the people behind it: another site, the same data file.
//
// To change: `aws` in services.data.yml says how the names of a service's resources begin.

const { serviceOfResource } = require('./lib/find-service');

module.exports = {
  metadata: {
    name: 'aws-resource-code',
    description: 'The repository and the team behind an AWS resource',
    match: {
      contextType: 'aws',
      context: {
        'service.name': { in: ['lambda', 'dynamodb', 's3'] },
        'service.resourceName': { exists: true },
      },
    },
    cache: 3600,
    priority: 300,
  },

  async run(context, _secrets, dataFiles) {
    const service = serviceOfResource(dataFiles, context.service.resourceName);
    if (!service) return [];

    const { repository, team, owner, chat } = service;
    return [
      { type: 'link', content: repository, href: `https://github.com/${repository}`, icon: 'github' },
      { type: 'text', content: team, icon: 'team', tooltip: `${owner} leads ${team}` },
      { type: 'link', content: `#${chat.channel}`, href: `https://acme.slack.com/archives/${chat.id}`, icon: 'slack' },
    ];
  },
};
