// Shows who pays for an AWS resource, and warns when nobody is known to.
//
// To change: `aws` and `costCentre` in services.data.yml. It shows on every resource, so replace the demo data first.

const { serviceOfResource } = require('./lib/find-service');

module.exports = {
  metadata: {
    name: 'aws-cost-centre',
    description: 'The cost centre of an AWS resource',
    match: {
      contextType: 'aws',
      context: { 'service.resourceName': { exists: true } },
    },
    cache: 3600,
    priority: 200,
  },

  async run(context, _secrets, dataFiles) {
    const service = serviceOfResource(dataFiles, context.service.resourceName);
    if (service?.costCentre) return { type: 'text', content: `Cost centre ${service.costCentre}`, icon: 'cost' };
    return {
      type: 'text',
      content: 'No cost centre',
      icon: 'cost',
      status: 'important',
      tooltip: 'No service in services.data.yml claims this name',
    };
  },
};
