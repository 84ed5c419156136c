import { Fault } from '@fingerpost/contracts';
import { ROLES, type Role } from '../people/person.ts';
import { MOST_DAYS, type WantedToken } from '../tokens/machine-tokens.ts';

const MOST_CHARS = 80;
const DAYS = 90;

/** @throws Fault `request.invalid` with every error, named by its path */
export function readWantedToken(body: unknown): WantedToken {
  const { name, roles = ['viewer'], days = DAYS, ...rest } = (body ?? {}) as Record<string, unknown>;
  const errors = [
    ...Object.keys(rest).map((path) => ({ path, message: 'is not known; there are name, roles and days' })),
    ...(isName(name) ? [] : [{ path: 'name', message: `must be a text of ${MOST_CHARS} characters at most` }]),
    ...(areRoles(roles) ? [] : [{ path: 'roles', message: `must be a list of some of ${ROLES.join(', ')}` }]),
    ...(isDays(days) ? [] : [{ path: 'days', message: `must be a whole number from 1 to ${MOST_DAYS}` }]),
  ];
  if (errors.length > 0) throw new Fault('request.invalid', 'That makes no token.', { detail: { errors } });
  return { name: (name as string).trim(), roles: [...new Set(roles as Role[])], days: days as number };
}

const isName = (name: unknown) => typeof name === 'string' && name.trim() !== '' && name.length <= MOST_CHARS;

const areRoles = (roles: unknown) =>
  Array.isArray(roles) && roles.length > 0 && roles.every((role) => (ROLES as readonly unknown[]).includes(role));

const isDays = (days: unknown) => Number.isInteger(days) && (days as number) >= 1 && (days as number) <= MOST_DAYS;
