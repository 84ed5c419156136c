import type { Part } from '../site.ts';
import { isService, serviceFields } from './service.ts';

/** `#database:id=orders;is-cluster=true`, `#databases:`, `#snapshot:id=...` */
export const rds: Part = {
  name: 'aws.rds',
  runsOn: (look) => isService(look, 'rds'),
  read({ url }) {
    const [page = '', path = ''] = url.hash.slice(1).split(/:(.*)/s);
    const id = /(?:^|;)id=([\w.:-]{1,255})/.exec(path)?.[1];
    return serviceFields('rds', SECTIONS.get(page) ?? (/^[\w-]{1,60}$/.test(page) ? page : undefined), id);
  },
};

const SECTIONS = new Map([
  ['database', 'databases'],
  ['snapshot', 'snapshots'],
  ['db-snapshot', 'snapshots'],
]);
