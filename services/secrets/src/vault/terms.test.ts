import { describe, expect, it } from '@jest/globals';
import { readTerms } from './terms.ts';

const AT = 'secret/fingerpost/KEY';
const read = (metadata: Record<string, string>) => readTerms('KEY', AT, metadata);

describe('custom metadata of a secret', () => {
  it('bounds nothing where it says nothing, or speaks of other things', () => {
    expect(read({})).toEqual({});
    expect(read({ owner: 'team-a', ticket: 'OPS-1', rotated: '2026-11-01' })).toEqual({});
  });

  it('says hosts, methods, paths, slots, integrations and mode', () => {
    const { binding } = read({
      hosts: 'api.github.com, ghe.acme.internal:8443,lambda.*.amazonaws.com',
      methods: 'GET, POST',
      paths: '/repos, /orgs/acme',
      slots: 'header,basic',
      mode: 'sealed',
      integrations: 'github-deploys',
    });
    expect(binding).toMatchObject({
      hosts: ['api.github.com', 'ghe.acme.internal:8443', 'lambda.*.amazonaws.com'],
      methods: ['GET', 'POST'],
      pathPrefixes: ['/repos', '/orgs/acme'],
      slots: ['header', 'basic'],
      integrations: ['github-deploys'],
      mode: 'sealed',
    });
    expect(binding?.howToChange('mode', 'reveal')).toBe(
      'bao kv metadata patch -custom-metadata=mode=reveal secret/fingerpost/KEY',
    );
  });

  it('puts nothing into the command to copy that a shell would run', () => {
    const { binding } = read({ paths: '/v1' });
    expect(binding?.howToChange('paths', '/v1,/$(id)')).toBe(
      'bao kv metadata patch -custom-metadata=paths=... secret/fingerpost/KEY',
    );
  });

  it('says which version counts, and what is made anew for each run', () => {
    expect(read({ version: '3' })).toEqual({ version: 3 });
    expect(read({ dynamic: 'database/creds/readonly', field: 'username' })).toEqual({
      dynamic: { path: 'database/creds/readonly', field: 'username' },
    });
  });

  it.each([
    ['hosts', ''],
    ['hosts', 'https://api.github.com'],
    ['hosts', '*'],
    ['hosts', '*.github.com'],
    ['hosts', 'api.github.com,'],
    ['methods', 'get'],
    ['methods', 'TRACE'],
    ['paths', 'repos'],
    ['slots', 'cookie'],
    ['mode', 'open'],
    ['mode', 'sealed,reveal'],
    ['integrations', ''],
    ['version', '0'],
    ['version', 'latest'],
    ['dynamic', '../sys/leases'],
    ['dynamic', 'database/creds/../../sys/raw'],
    ['dynamic', 'database/creds/readonly?x=1'],
    ['dynamic', 'database/creds/readonly'], // no field
    ['field', 'username'], // no path
    // misspelt bounds would bound nothing
    ['host', 'api.github.com'],
    ['Hosts', 'api.github.com'],
    ['method', 'GET'],
    ['path', '/repos'],
    ['Slot', 'header'],
    ['MODE', 'sealed'],
    ['integration', 'github-deploys'],
  ])('is refused with %s=%s, by the name of the key', (key, value) => {
    expect(() => read({ [key]: value })).toThrow(
      expect.objectContaining({ code: 'secret.misplaced', message: expect.stringContaining(`"${key}"`) }),
    );
  });
});
