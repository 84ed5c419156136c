import type { MatchedIntegration, Viewer } from '@fingerpost/contracts';
import { readContext } from '../answer/question.ts';

/** An integration that is in service and kept for 100 s. */
export const matchedAs = (name: string, more: Partial<MatchedIntegration> = {}): MatchedIntegration => ({
  name,
  digest: name.padEnd(64, '0'),
  priority: 1,
  cacheSeconds: 100,
  scope: 'org',
  groups: [],
  grantRevision: 1,
  grant: '',
  ...more,
});

export const viewer = (name: string): Viewer => ({ subject: `token:${name}`, groups: [], roles: ['viewer'] });

export const page = (fields: object = {}) => ({ type: 'github', url: 'https://github.com/acme/webshop', ...fields });

export const questionOf = (context: object, who = viewer('anna')) => ({
  ...readContext(context, ['github']),
  viewer: who,
});

export const says = (content: unknown) => [{ type: 'text' as const, content: String(content) }];

/** An asker who stays to the end. */
export const neverLeaves = new AbortController().signal;
