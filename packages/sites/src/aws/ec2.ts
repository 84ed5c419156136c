import type { Part } from '../site.ts';
import { isService, serviceFields } from './service.ts';

/** `#InstanceDetails:instanceId=i-0abc` and its many siblings: `#<Page>:<name>=<value>;...` */
export const ec2: Part = {
  name: 'aws.ec2',
  runsOn: (look) => isService(look, 'ec2', 'ec2v2'),
  read({ url }) {
    const [page = '', ...rest] = url.hash.slice(1).split(':');
    const id = /(?:^|[=;,])((?:i|vol|sg|ami|snap|eni|subnet|vpc|lt|key)-[0-9a-f]{6,17})(?=[;,&]|$)/.exec(
      rest.join(':'),
    )?.[1];
    return serviceFields('ec2', SECTIONS.get(page) ?? (/^\w{1,60}$/.test(page) ? page : undefined), id);
  },
};

const SECTIONS = new Map([
  ['Instances', 'instances'],
  ['InstanceDetails', 'instances'],
  ['Volumes', 'volumes'],
  ['VolumeDetails', 'volumes'],
  ['SecurityGroups', 'security-groups'],
  ['SecurityGroup', 'security-groups'],
  ['Images', 'images'],
  ['ImageDetails', 'images'],
  ['LoadBalancers', 'load-balancers'],
  ['LoadBalancer', 'load-balancers'],
]);
