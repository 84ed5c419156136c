import { decoded } from '../look.ts';
import type { Part } from '../site.ts';
import { isService, serviceFields } from './service.ts';

/** `#logsV2:log-groups/log-group/<name>` and `#alarmsV2:alarm/<name>`; names are encoded twice, with "$" in place of "%". */
export const cloudwatch: Part = {
  name: 'aws.cloudwatch',
  runsOn: (look) => isService(look, 'cloudwatch'),
  read({ url }) {
    const [page = '', path = ''] = url.hash.slice(1).split(/:(.*)/s);
    const [, group] = /^log-groups\/log-group\/([^/?]+)/.exec(path) ?? [];
    const [, alarm] = /^alarm\/([^/?]+)/.exec(path) ?? [];
    if (page.startsWith('logs')) return serviceFields('cloudwatch', 'log-groups', group && plain(group));
    if (page.startsWith('alarms')) return serviceFields('cloudwatch', 'alarms', alarm && plain(alarm));
    return serviceFields('cloudwatch', /^\w{1,60}$/.test(page) ? page : undefined);
  },
};

const plain = (name: string) => decoded(decoded(name.replaceAll('$', '%')));
