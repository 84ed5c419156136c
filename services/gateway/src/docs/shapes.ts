import { INSIGHT_STATUSES } from '@fingerpost/contracts';

/** The shapes of `packages/contracts`, as OpenAPI says them. */
const TEXT = { type: 'string' } as const;
const COUNT = { type: 'integer', minimum: 0 } as const;

const FACE = {
  content: TEXT,
  href: { type: 'string', format: 'uri' },
  status: { type: 'string', enum: [...INSIGHT_STATUSES] },
  icon: TEXT,
  tooltip: TEXT,
};

const INSIGHT = {
  type: 'object',
  required: ['type', 'content'],
  properties: {
    type: { type: 'string', enum: ['text', 'link', 'dropdown'] },
    ...FACE,
    items: { type: 'array', items: { type: 'object', required: ['content'], properties: FACE } },
  },
};

export const CONTEXT_ANSWER = {
  type: 'object',
  required: ['data', 'count', 'cacheHits', 'failedCount', 'timestamp', 'integrationNames'],
  properties: {
    data: { type: 'array', items: INSIGHT },
    count: COUNT,
    cacheHits: COUNT,
    failedCount: COUNT,
    failures: {
      type: 'array',
      description: 'where something failed; `GET /failures/<id>` tells why',
      items: {
        type: 'object',
        required: ['integration', 'id', 'reason'],
        properties: { integration: TEXT, id: TEXT, reason: TEXT },
      },
    },
    timestamp: { type: 'string', format: 'date-time' },
    integrationNames: { type: 'array', items: TEXT },
  },
};

export const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: TEXT,
    title: TEXT,
    status: { type: 'integer' },
    detail: TEXT,
    code: TEXT,
    id: TEXT,
    errors: { type: 'array', items: { type: 'object', properties: { path: TEXT, message: TEXT } } },
  },
};

export const EXAMPLE_CONTEXT = {
  type: 'github',
  url: 'https://github.com/acme/webshop',
  page: { name: 'repository', repository: 'acme/webshop' },
};
