import { Fault } from './error-codes.ts';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What the browser says about the page. A claim, not a proof. */
export interface PageContext {
  type: string;
  url: string;
  [field: string]: Json;
}

export const CONTEXT_LIMITS = { bytes: 100_000, depth: 10, typeLength: 100, urlLength: 8_192 } as const;

const TYPE = /^[a-z][a-z0-9_-]*$/;

/**
 * Checks a context that came from outside and returns it.
 * @throws Fault `request.invalid` whose detail lists every fault as `{ path, message }`.
 */
export function checkContext(value: unknown): PageContext {
  const errors: { path: string; message: string }[] = [];
  const say = (path: string, message: string) => errors.push({ path, message });

  if (!isRecord(value)) {
    say('', 'must be a JSON object such as { "type": "github", "url": "https://github.com/acme/webshop" }');
  } else {
    if (typeof value.type !== 'string' || value.type.length > CONTEXT_LIMITS.typeLength || !TYPE.test(value.type))
      say('type', 'must be a name of small letters, digits, "_" and "-", such as "github"');
    if (typeof value.url !== 'string' || value.url.length > CONTEXT_LIMITS.urlLength || !isWebAddress(value.url))
      say('url', 'must be an absolute http or https address');
    const tooDeep = findTooDeep(value, CONTEXT_LIMITS.depth, '');
    if (tooDeep !== undefined) say(tooDeep, `is nested more than ${CONTEXT_LIMITS.depth} levels deep`);
  }

  if (errors.length > 0) throw new Fault('request.invalid', 'The context is not valid.', { detail: { errors } });
  return value as PageContext;
}

/** Reads `a.b.c` out of a context; only own fields count, so `constructor` and its like are absent. */
export function readPath(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const field of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, field)) return undefined;
    at = (at as Record<string, unknown>)[field];
  }
  return at;
}

function findTooDeep(value: unknown, levelsLeft: number, path: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (levelsLeft === 0) return path;
  for (const [key, child] of Object.entries(value)) {
    const found = findTooDeep(child, levelsLeft - 1, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isWebAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
