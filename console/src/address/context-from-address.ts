import type { Json, PageContext } from '@fingerpost/contracts';

type Fields = { [field: string]: Json };

/** What a person typed as an address, `https://` added where the scheme is missing; undefined if it is no web address. */
export function addressFrom(typed: string): URL | undefined {
  const text = typed.trim();
  const url = URL.parse(text.includes('://') ? text : `https://${text}`);
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : undefined;
}

/** The context that the extension would send for a page, as far as its address alone tells. */
export function contextFromAddress(url: URL): PageContext {
  if (url.hostname === 'github.com') return { type: 'github', url: url.href, ...githubFields(url) };
  if (/(^|\.)console\.aws\.amazon\.com$/.test(url.hostname)) return { type: 'aws', url: url.href, ...awsFields(url) };
  return { type: 'generic', url: url.href };
}

// First path segments of github.com that are not somebody's name.
const NOT_AN_OWNER = new Set(
  'about,apps,codespaces,collections,dashboard,enterprise,explore,features,issues,login,marketplace,new,notifications,pricing,pulls,search,security,settings,signup,sponsors,stars,topics,trending'.split(
    ',',
  ),
);

function githubFields(url: URL): Fields {
  const [first, second, tab, ...rest] = segmentsOf(url);
  if (first === undefined || NOT_AN_OWNER.has(first)) return {};
  if (first === 'orgs')
    return second === undefined
      ? {}
      : { page: { name: 'profile', username: second, isOrg: 'true', ...orgSection(tab) } };
  if (second === undefined) {
    const section = url.searchParams.get('tab') ?? 'overview';
    return { page: { name: 'profile', username: first, section: { name: section } } };
  }
  return { page: { name: 'repository', repository: `${first}/${second}`, section: repositorySection(tab, rest) } };
}

const orgSection = (tab: string | undefined): Fields => (tab === undefined ? {} : { section: { name: tab } });

function repositorySection(tab: string | undefined, rest: string[]): Fields {
  const [id, next] = rest;
  switch (tab) {
    case undefined:
      return { name: 'code', resource: '', hash: 'main' };
    case 'tree':
    case 'blob':
      return { name: 'code', resource: rest.slice(1).join('/'), hash: id ?? '' };
    case 'commit':
      return { name: 'commit', resource: '', hash: id ?? '' };
    case 'pull':
    case 'pulls':
      return id === undefined ? { name: 'pulls' } : { name: 'pulls', pull: id, subsection: pullSubsection(next) };
    case 'issues':
      return id === undefined ? { name: 'issues' } : { name: 'issues', issue: id };
    case 'actions':
      return { name: 'actions', ...actionsFields(rest) };
    default:
      return { name: tab };
  }
}

const pullSubsection = (name: string | undefined) => (name === 'files' || name === 'commits' ? name : 'conversation');

function actionsFields([kind, id, , job]: string[]): Fields {
  if (kind === 'workflows' && id !== undefined) return { workflow: id };
  if (kind !== 'runs' || id === undefined) return {};
  return job === undefined ? { run: id } : { run: id, job };
}

const REGION = /[a-z]{2}(?:-[a-z]+)+-\d/;

function awsFields(url: URL): Fields {
  const region =
    REGION.exec(url.hostname)?.[0] ?? url.searchParams.get('region') ?? REGION.exec(url.pathname)?.[0] ?? 'us-east-1';
  const service = awsService(url);
  return service === undefined ? { scope: { region } } : { scope: { region }, service };
}

function awsService(url: URL): Fields | undefined {
  const [name, section, third] = segmentsOf(url);
  // Most consoles keep their own little address behind the "#".
  const inside = new URL(url.hash.slice(1), 'https://console.invalid/');
  if (name === 'lambda') return lambdaService(segmentsOf(inside));
  if (name === 'dynamodb' || name === 'dynamodbv2') {
    const table = inside.searchParams.get('name') ?? inside.searchParams.get('table');
    return { name: 'dynamodb', section: 'tables', ...named(table) };
  }
  if (name === 's3') {
    if (section === undefined || third === undefined) return { name, section: 'buckets' };
    const prefix = url.searchParams.get('prefix');
    const objectPath: Fields = prefix === null ? {} : { objectPath: prefix };
    return { name, section: 'buckets', ...named(third), arn: `arn:aws:s3:::${third}`, ...objectPath };
  }
  return name === undefined || name === 'console' ? undefined : { name };
}

function lambdaService([section, resourceName]: string[]): Fields {
  return section === undefined ? { name: 'lambda' } : { name: 'lambda', section, ...named(resourceName) };
}

const named = (resourceName: string | null | undefined): Fields => (resourceName ? { resourceName } : {});

/** The parts of a path as people read them; what cannot be decoded stays as it is. */
export const segmentsOf = (url: URL): string[] => url.pathname.split('/').filter(Boolean).map(decoded);

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
