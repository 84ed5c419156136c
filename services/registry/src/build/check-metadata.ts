import { Fault, INTEGRATION_NAME, type Metadata, MOST_CACHE_SECONDS, SECRET_NAME } from '@fingerpost/contracts';
import { checkHosts } from './check-hosts.ts';
import { checkMatch } from './check-match.ts';
import { checkSecrets } from './check-secrets.ts';
import { describe, Faults, isRecord } from './faults.ts';

const FIELDS = [
  'name',
  'description',
  'match',
  'cache',
  'cacheKey',
  'requiredSecrets',
  'secrets',
  'priority',
  'scope',
  'isolation',
  'hosts',
  'groups',
] as const;

const MOST_MESSAGE = 4_000;

/**
 * Turns what a file says of itself into metadata with every default filled in.
 * @throws Fault `metadata.invalid` that names every fault at once, each with what to do; the first one's `field` in its detail
 */
export function checkMetadata(value: unknown, allowedContextTypes: readonly string[]): Metadata {
  if (!isRecord(value))
    throw invalid(['the file exports no metadata; write module.exports = { metadata: { name: "..." }, run }']);
  const faults = new Faults();
  faults.unknownFields(value, '', FIELDS);
  refuseOddLinks(value, '', faults);

  const metadata = {
    name: checkName(value.name, faults),
    description: ifThere(value.description, (it) => faults.text(it, 'description', 500)) ?? '',
    match: checkMatch(value.match, allowedContextTypes, faults),
    cache: ifThere(value.cache, (it) => faults.number(it, 'cache', 0, MOST_CACHE_SECONDS)) ?? 300,
    cacheKey: ifThere(value.cacheKey, (it) => checkCacheKey(it, faults)),
    requiredSecrets:
      ifThere(value.requiredSecrets, (it) => faults.texts(it, 'requiredSecrets', SECRET_NAME, '"GITHUB_TOKEN"')) ?? [],
    priority: ifThere(value.priority, (it) => faults.number(it, 'priority', 1, 1_000)) ?? 100,
    scope: ifThere(value.scope, (it) => faults.oneOf(it, 'scope', ['org', 'user'])) ?? 'org',
    isolation: ifThere(value.isolation, (it) => faults.oneOf(it, 'isolation', ['fresh', 'clean', 'warm'])),
    hosts: ifThere(value.hosts, (it) => checkHosts(it, 'hosts', faults)),
    secrets: ifThere(value.secrets, (it) => checkSecrets(it, value.hosts, faults)),
    groups: ifThere(value.groups, (it) => faults.texts(it, 'groups', /^\S.{0,199}$/, '"platform-team"')) ?? [],
  };
  if (faults.all.length > 0) throw invalid(faults.all, faults.field);
  const names = [...new Set([...metadata.requiredSecrets, ...Object.keys(metadata.secrets ?? {})])];
  return { ...metadata, requiredSecrets: names } as Metadata;
}

function checkName(value: unknown, faults: Faults): string | undefined {
  if (typeof value === 'string' && INTEGRATION_NAME.test(value)) return value;
  return faults.say(
    'name',
    `must begin with a small letter and have 4 to 100 small letters, digits, "_" and "-", such as "service-owner", got ${describe(value)}`,
  );
}

function checkCacheKey(value: unknown, faults: Faults): string[] | undefined {
  if (Array.isArray(value) && value.length === 0)
    return faults.say('cacheKey', 'is empty; name the context fields that decide the answer, or leave it out');
  return faults.texts(value, 'cacheKey', /^(?=.{1,200}$)[^.\s]+(\.[^.\s]+)*$/, '"page.repository"');
}

const SCRIPT_LINK = /^(javascript|vbscript|data|blob|file|about|mailto):/i;
const OTHER_LINK = /^(?!https?:)[a-z][a-z0-9+.-]*:\/\//i;

/** Links are for people to click: any but web links could run in the page, so none gets in anywhere. */
function refuseOddLinks(value: unknown, path: string, faults: Faults, levelsLeft = 10): void {
  if (levelsLeft === 0) return faults.say(path, 'is nested too deep');
  if (typeof value === 'string') {
    // Browsers overlook line ends and tabs in a scheme, and more in front of it: neither hides one here.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is meant
    const text = value.replace(/^[\u0000-\u0020]+|[\t\r\n]/g, '').slice(0, 200);
    if (SCRIPT_LINK.test(text) || OTHER_LINK.test(text))
      faults.say(
        path,
        `begins with ${describe(text.slice(0, text.indexOf(':') + 1))}; only https:// and http:// links are allowed`,
      );
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value))
      refuseOddLinks(child, path === '' ? key : `${path}.${key}`, faults, levelsLeft - 1);
  }
}

const ifThere = <T>(value: unknown, check: (value: unknown) => T): T | undefined =>
  value === undefined ? undefined : check(value);

const invalid = (faults: string[], field?: string) =>
  new Fault('metadata.invalid', faults.join('; ').slice(0, MOST_MESSAGE), { detail: { field } });
