import type { Fault } from '@fingerpost/contracts';
import { checkMetadata } from './check-metadata.ts';

const SITES = ['github', 'aws', 'generic'];
const minimal = { name: 'service-owner', match: { contextType: 'github', context: {} } };
const withRule = (rule: unknown, path = 'page.repository') => ({
  ...minimal,
  match: { contextType: 'github', context: { [path]: rule } },
});
const generic = (url: unknown) => ({ ...minimal, match: { contextType: 'generic', context: { url } } });
const pattern = (regexp: RegExp) => ({ pattern: { $pattern: { source: regexp.source, flags: regexp.flags } } });

function faultsOf(metadata: unknown): string {
  try {
    checkMetadata(metadata, SITES);
    return 'none';
  } catch (error) {
    expect((error as Fault).code).toBe('metadata.invalid');
    return (error as Fault).message;
  }
}

describe('checking metadata', () => {
  it('fills in every default', () => {
    expect(checkMetadata({ name: 'service-owner', match: { contextType: '*' } }, SITES)).toEqual({
      name: 'service-owner',
      description: '',
      match: { contextType: '*', context: {} },
      cache: 300,
      cacheKey: undefined,
      requiredSecrets: [],
      priority: 100,
      scope: 'org',
      isolation: undefined,
      hosts: undefined,
      groups: [],
    });
  });

  it('keeps what an author wrote', () => {
    const metadata = {
      ...minimal,
      description: 'Who owns it',
      cache: 0,
      cacheKey: ['page.repository'],
      requiredSecrets: ['GITHUB_TOKEN'],
      priority: 900,
      scope: 'user',
      isolation: 'fresh',
      hosts: ['API.github.com', 'localhost:3000'],
      groups: ['platform'],
    };
    expect(checkMetadata(metadata, SITES)).toEqual({ ...metadata, hosts: ['api.github.com', 'localhost:3000'] });
  });

  it.each([
    [{ exists: true }],
    [{ exists: false }],
    [{ equals: 'lambda' }],
    [{ equals: null }],
    [{ equals: 0 }],
    [{ in: ['a', 2, true, null] }],
    [{ startsWith: 'my-org/' }],
    [{ endsWith: '/infra' }],
  ])('takes the rule %j', (rule) => {
    expect(checkMetadata(withRule(rule), SITES).match.context['page.repository']).toEqual(rule);
  });

  it('takes a regular expression with its flags', () => {
    expect(checkMetadata(withRule(pattern(/^acme\//gi)), SITES).match.context).toEqual({
      'page.repository': { pattern: { source: '^acme\\/', flags: 'gi' } },
    });
  });

  it('explains a misspelt rule as its author needs it', () => {
    expect(faultsOf(withRule({ startWith: 'acme/' }))).toBe(
      'match.context.page.repository: unknown rule "startWith"; did you mean "startsWith"? Rules are exists, equals, in, pattern, startsWith, endsWith',
    );
  });

  it.each([
    ['no metadata at all', null, 'exports no metadata'],
    ['a list for metadata', [], 'exports no metadata'],
    [
      'a misspelt field',
      { ...minimal, requiredSecret: ['A'] },
      'requiredSecret: is not a field of metadata; did you mean "requiredSecrets"?',
    ],
    ['a field that nobody knows', { ...minimal, colour: 'red' }, 'colour: is not a field of metadata'],
    [
      'a misspelt field of match',
      { ...minimal, match: { contexType: 'github' } },
      'match.contexType: is not a field of metadata; did you mean "contextType"?',
    ],
    ['a missing match', { name: 'service-owner' }, 'match: must say where'],
    [
      'a context that is a list',
      { ...minimal, match: { contextType: 'github', context: [] } },
      'match.context: must be an object',
    ],
    ['an unknown site', { ...minimal, match: { contextType: 'gihub' } }, 'did you mean "github"?'],
    ['a missing site', { ...minimal, match: {} }, 'match.contextType: must be "github" or "aws" or "generic" or "*"'],
    ['a short name', { ...minimal, name: 'abc' }, 'name: must begin'],
    ['a name in capitals', { ...minimal, name: 'Service' }, 'name: must begin'],
    ['a function for a name', { ...minimal, name: { $function: 'name' } }, 'got a function'],
    ['a rule without an operator', withRule({}), 'needs exactly one rule, got none'],
    ['a rule with two', withRule({ exists: true, equals: 'a' }), 'needs exactly one rule, got exists and equals'],
    ['a bare text for a rule', withRule('acme/webshop'), 'must be a rule such as { equals: "acme/webshop" }'],
    ['a bare regular expression', withRule({ $pattern: { source: 'a', flags: '' } }), 'write { pattern: /.../ }'],
    ['text for a pattern', withRule({ pattern: '^acme' }), 'must be a regular expression'],
    ['a pattern that is too long', withRule(pattern(new RegExp('a'.repeat(1_001)))), '1000 at most'],
    [
      'a pattern that is none',
      withRule({ pattern: { $pattern: { source: '(', flags: '' } } }),
      'is no valid regular expression',
    ],
    ['odd flags', withRule({ pattern: { $pattern: { source: 'a', flags: 'x' } } }), 'must be a regular expression'],
    ['an empty prefix', withRule({ startsWith: '' }), 'would match every page'],
    ['a number for a prefix', withRule({ startsWith: 5 }), 'must be text'],
    ['an empty list', withRule({ in: [] }), 'must be a list of 1'],
    ['an object to equal', withRule({ equals: { a: 1 } }), 'must be text, a number'],
    ['text for exists', withRule({ exists: 'yes' }), 'must be true or false'],
    ['a field path with a hole', withRule({ exists: true }, 'page..name'), 'must be a field path'],
    ['a negative lifetime', { ...minimal, cache: -1 }, 'cache: must be a number from 0 to 2592000'],
    ['31 days', { ...minimal, cache: 2_678_400 }, 'cache: must be'],
    ['priority 0', { ...minimal, priority: 0 }, 'priority: must be'],
    ['an empty cache key', { ...minimal, cacheKey: [] }, 'cacheKey: is empty'],
    ['a cache key with spaces', { ...minimal, cacheKey: ['page name'] }, 'cacheKey[0]: must be like "page.repository"'],
    ['a secret in small letters', { ...minimal, requiredSecrets: ['token'] }, 'requiredSecrets[0]'],
    ['a host with a scheme', { ...minimal, hosts: ['https://api.acme.dev'] }, 'hosts[0]: must be an exact host'],
    ['a host with a path', { ...minimal, hosts: ['api.acme.dev/v1'] }, 'hosts[0]'],
    ['a wildcard', { ...minimal, hosts: ['*.acme.dev'] }, 'hosts[0]'],
    ['a login in a host', { ...minimal, hosts: ['me@api.acme.dev'] }, 'hosts[0]'],
    ['an odd scope', { ...minimal, scope: 'team' }, 'scope: must be "org" or "user"'],
    ['an odd isolation', { ...minimal, isolation: 'none' }, 'isolation: must be'],
    ['groups that are no list', { ...minimal, groups: 'platform' }, 'groups: must be a list'],
  ])('refuses %s', (_what, metadata, message) => {
    expect(faultsOf(metadata)).toContain(message);
  });

  it.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\tscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'ftp://acme.dev/x',
  ])('refuses the link %j wherever it stands', (link) => {
    expect(faultsOf({ ...minimal, description: link })).toContain('only https:// and http:// links are allowed');
    expect(faultsOf(withRule({ equals: link }))).toContain('match.context.page.repository.equals');
  });

  it.each([
    'Note: shows who is on call',
    'arn:aws:lambda:eu-west-1:1:function:x',
    'https://acme.dev',
    'see http://acme.dev',
  ])('takes %j for text', (text) => {
    expect(faultsOf({ ...minimal, description: text })).toBe('none');
  });

  it.each([
    [{ startsWith: 'https://wiki.acme.dev/' }],
    [{ equals: 'http://wiki.acme.dev/' }],
    [{ in: ['https://a.acme.dev/', 'https://b.acme.dev/'] }],
    [pattern(/^https:\/\/wiki\.acme\.dev\/(runbooks|teams)\//)],
    [pattern(/^https?:\/\/wiki\.acme\.dev\/.*/)],
  ])('takes %j for the pages of a generic integration', (rule) => {
    expect(faultsOf(generic(rule))).toBe('none');
  });

  it.each([
    [{ exists: true }],
    [{ endsWith: '.acme.dev' }],
    [{ startsWith: 'https://' }],
    [{ startsWith: 'wiki.acme.dev' }],
    [{ in: ['https://a.acme.dev/', 'x'] }],
    [pattern(/wiki/)],
    [pattern(/^https:\/\/.*/)],
    [pattern(/^https:\/\/wiki|jira/)],
  ])('refuses %j: a generic integration would see pages of others', (rule) => {
    expect(faultsOf(generic(rule))).toContain('match.context.url: must name the pages');
  });

  it('refuses a generic integration without any address', () => {
    expect(faultsOf({ ...minimal, match: { contextType: 'generic' } })).toContain(
      'match.context.url: must name the pages',
    );
  });

  it('tells everything at once', () => {
    const message = faultsOf({
      name: 'X',
      cach: 5,
      cache: 'long',
      match: { contextType: 'gitlab', context: { a: { starts: 'b' } } },
    });
    for (const field of ['name:', 'cach:', 'cache:', 'match.contextType:', 'match.context.a:'])
      expect(message).toContain(field);
  });

  it('takes fields named like parts of every object for what they are', () => {
    const metadata = JSON.parse(
      '{"name":"service-owner","match":{"contextType":"github","context":{"__proto__":{"equals":"x"},"constructor":{"exists":true}}}}',
    );
    expect(Object.keys(checkMetadata(metadata, SITES).match.context)).toEqual(['__proto__', 'constructor']);
  });

  it('survives nesting without end', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 5_000; level++) deep = [deep];
    expect(faultsOf({ ...minimal, description: deep })).toContain('nested too deep');
  });
});
