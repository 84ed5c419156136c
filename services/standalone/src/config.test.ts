import { SettingsError } from '@fingerpost/platform';
import { readStandaloneSettings } from './config.ts';

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readStandaloneSettings(env);
    return [];
  } catch (error) {
    return (error as SettingsError).problems;
  }
}

describe('settings of the whole product', () => {
  it('has defaults for everything', () => {
    expect(problemsOf({})).toEqual([]);
  });

  it.each([
    ['FINGERPOST_TRUSTED_PROXIES', '10.0.0.0/99'],
    ['FINGERPOST_TRUSTED_PROXIES', 'proxy.acme.dev'],
    ['FINGERPOST_SITES', 'github,bitbucket'],
    ['FINGERPOST_RUNS', '0'],
    ['FINGERPOST_SANDBOXES', '0'],
    ['FINGERPOST_SANDBOX_MEMORY', '5'],
    ['FINGERPOST_RATE_LIMIT', '-1'],
    ['NODE_ENV', 'prod'],
    ['FINGERPOST_WALL', 'namespaces'],
    ['FINGERPOST_SANDBOXS_FILE', '/run/n'],
  ])('refuses %s=%s by name', (variable, value) => {
    expect(problemsOf({ [variable]: value })).toEqual([expect.stringContaining(`${variable}: `)]);
  });

  it('refuses keys among integrations', () => {
    expect(problemsOf({ FINGERPOST_INTEGRATIONS: '.', FINGERPOST_DATA: './data' })).toEqual([
      expect.stringContaining('FINGERPOST_DATA: '),
    ]);
  });

  it.each(['./nowhere', './package.json'])('refuses %s for the integrations folder: it is none', (folder) => {
    expect(problemsOf({ FINGERPOST_INTEGRATIONS: folder })).toEqual([
      expect.stringMatching(/^FINGERPOST_INTEGRATIONS: .*is no folder/),
    ]);
  });

  it('takes proxies by address and by range, of both families', () => {
    expect(problemsOf({ FINGERPOST_TRUSTED_PROXIES: '10.0.0.1, 10.0.0.0/8, fd00::/8' })).toEqual([]);
  });

  it('leaves alone what other releases and other services of ours may be told', () => {
    expect(problemsOf({ FINGERPOST_ROOT_KEY: '/x', FINGERPOST_SOMETHING_NEW: '1' })).toEqual([]);
  });

  it('tells all that is wrong in one go', () => {
    expect(problemsOf({ PORT: 'x', FINGERPOST_RUNS: '0', FINGERPOST_SITES: 'nowhere' })).toHaveLength(3);
  });
});
