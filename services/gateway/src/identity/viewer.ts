import type { Viewer } from '@fingerpost/contracts';

/** Each API token is a viewer of its own. The prefix keeps subjects of different origins apart, and from the scope `org`. */
export const viewerOfToken = (name: string): Viewer => ({ subject: `token:${name}`, groups: [], roles: ['viewer'] });
