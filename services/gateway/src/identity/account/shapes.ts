import { ROLES } from '../people/person.ts';
import { MOST_DAYS } from '../tokens/machine-tokens.ts';

/** The shapes of people, sessions and tokens, as OpenAPI says them. */
const TEXT = { type: 'string' } as const;
const TIME = { type: 'string', format: 'date-time' } as const;
const GROUPS = { type: 'array', items: TEXT } as const;
const ROLE_LIST = { type: 'array', items: { type: 'string', enum: [...ROLES] } };

const FACE = { subject: TEXT, provider: TEXT, email: TEXT, name: TEXT, groups: GROUPS, roles: ROLE_LIST };

const SESSION_FIELDS = { id: TEXT, device: TEXT, createdAt: TIME, lastUsedAt: TIME, expiresAt: TIME };

export const TOKEN = {
  type: 'object',
  properties: {
    id: TEXT,
    name: TEXT,
    roles: ROLE_LIST,
    owner: TEXT,
    createdAt: TIME,
    expiresAt: TIME,
    lastUsedAt: TIME,
  },
};

/** As administrators see it: with the name of whose it is. */
export const OWNED_TOKEN = { ...TOKEN, properties: { ...TOKEN.properties, ownerName: TEXT } };

export const MADE_TOKEN = { ...TOKEN, properties: { ...TOKEN.properties, token: TEXT } };

export const WANTED_TOKEN = {
  type: 'object',
  required: ['name'],
  properties: { name: TEXT, roles: ROLE_LIST, days: { type: 'integer', minimum: 1, maximum: MOST_DAYS, default: 90 } },
  example: { name: 'deploy script', roles: ['viewer'], days: 90 },
};

export const PERSON = {
  type: 'object',
  properties: { ...FACE, signedInAt: TIME, blockedAt: TIME },
};

export const SESSION = {
  type: 'object',
  properties: { ...SESSION_FIELDS, person: { type: 'object', properties: FACE } },
};

export const ACCOUNT = {
  type: 'object',
  properties: {
    ...FACE,
    sessions: {
      type: 'array',
      items: { type: 'object', properties: { ...SESSION_FIELDS, isThisOne: { type: 'boolean' } } },
    },
    tokens: { type: 'array', items: TOKEN },
  },
};
