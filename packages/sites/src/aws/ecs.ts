import type { Part } from '../site.ts';
import { isService, serviceFields } from './service.ts';

/** `/ecs/v2/clusters/<cluster>/services/<service>/...`: the innermost thing that has a name is the resource. */
export const ecs: Part = {
  name: 'aws.ecs',
  runsOn: (look) => isService(look, 'ecs'),
  read({ segments: [, ...path] }) {
    if (path[0] === 'v2') path.shift();
    const at = path[2] === 'services' || path[2] === 'tasks' ? 2 : 0;
    const section = path[at];
    if (section === undefined || !SECTIONS.has(section)) return serviceFields('ecs', undefined);
    const cluster = at === 2 ? path[0] === 'clusters' && path[1] : undefined;
    const { service } = serviceFields('ecs', section, path[at + 1]) as { service: object };
    return { service: { ...service, ...(cluster && { cluster }) } } as ReturnType<Part['read']>;
  },
};

const SECTIONS = new Set(['clusters', 'services', 'tasks', 'task-definitions']);
