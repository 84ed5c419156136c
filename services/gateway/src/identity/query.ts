import { Fault } from '@fingerpost/contracts';

/** What stands behind the `?` of an address. */
export type QueryParams = Record<string, unknown>;

const MOST_CHARS = 200;

/** @throws Fault `request.invalid` */
export function numberIn(query: QueryParams, name: string): number | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw invalid(name, 'must be a whole number, 1 or more');
}

/** @throws Fault `request.invalid` */
export function textIn(query: QueryParams, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string' && value.length <= MOST_CHARS) return value;
  throw invalid(name, `must be one text of ${MOST_CHARS} characters at most`);
}

const invalid = (path: string, message: string): Fault =>
  new Fault('request.invalid', 'That cannot be looked up.', { detail: { errors: [{ path, message }] } });
