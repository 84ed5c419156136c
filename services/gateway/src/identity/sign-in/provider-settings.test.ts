import type { SettingsError } from '@fingerpost/platform';
import { readGatewaySettings } from '../../read-gateway-settings.ts';

const OKTA = {
  FINGERPOST_OIDC: 'okta',
  FINGERPOST_OIDC_OKTA_ISSUER: 'https://acme.okta.com',
  FINGERPOST_OIDC_OKTA_CLIENT_ID: 'x',
};

function problemsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    readGatewaySettings(env);
    return [];
  } catch (error) {
    return (error as SettingsError).problems;
  }
}

describe('settings of providers', () => {
  it('need three lines', () => {
    const { providers } = readGatewaySettings(OKTA);
    expect(providers).toMatchObject([{ name: 'okta', label: 'Okta', scopes: ['profile', 'email'] }]);
  });

  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    [
      'no issuer',
      { FINGERPOST_OIDC: 'okta', FINGERPOST_OIDC_OKTA_CLIENT_ID: 'x' },
      /^FINGERPOST_OIDC_OKTA_ISSUER: is missing/,
    ],
    [
      'plain http',
      { ...OKTA, FINGERPOST_OIDC_OKTA_ISSUER: 'http://acme.okta.com' },
      /ISSUER: must be an https address/,
    ],
    [
      'loopback in production',
      { ...OKTA, NODE_ENV: 'production', FINGERPOST_OIDC_OKTA_ISSUER: 'http://localhost:1' },
      /ISSUER: must be an https/,
    ],
    [
      'a secret in the address',
      { ...OKTA, FINGERPOST_OIDC_OKTA_ISSUER: 'https://a:b@acme.okta.com' },
      /ISSUER: must be an https/,
    ],
    [
      'every tenant of Entra',
      { ...OKTA, FINGERPOST_OIDC_OKTA_ISSUER: 'https://login.microsoftonline.com/common/v2.0' },
      /names no tenant/,
    ],
    [
      'all of Google',
      { ...OKTA, FINGERPOST_OIDC_OKTA_ISSUER: 'https://accounts.google.com' },
      /DOMAINS: is missing.*everybody with a Google account/,
    ],
    [
      'a setting of nobody',
      { ...OKTA, FINGERPOST_OIDC_OKTA_ADMIN: 'x' },
      /^FINGERPOST_OIDC_OKTA_ADMIN: is no setting of a provider/,
    ],
    ['a provider that is not named', { FINGERPOST_OIDC_OKTA_ISSUER: 'x' }, /\(none\)/],
    ['a name of ours', { FINGERPOST_OIDC: 'break-glass' }, /"break-glass" is no name/],
    ['a name that is none', { FINGERPOST_OIDC: '../x' }, /is no name for a provider/],
    ['nowhere to come back to', { ...OKTA, HOST: '0.0.0.0' }, /^FINGERPOST_URL: is missing/],
    [
      'a path to come back to',
      { ...OKTA, FINGERPOST_URL: 'https://acme.dev/x' },
      /^FINGERPOST_URL: must be an https address/,
    ],
    [
      'plain http to come back to',
      { ...OKTA, FINGERPOST_URL: 'http://acme.dev' },
      /^FINGERPOST_URL: must be an https address/,
    ],
    [
      'a break-glass key in place of its hash',
      { FINGERPOST_BREAK_GLASS: 'hunter2' },
      /^FINGERPOST_BREAK_GLASS: must be 64 hex digits/,
    ],
  ])('refuse %s', (_what, env, problem) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(problem)]);
  });

  it('say all that is wrong with all of them at once', () => {
    const env = {
      FINGERPOST_OIDC: 'okta,google',
      FINGERPOST_OIDC_OKTA_ISSUER: 'x',
      FINGERPOST_OIDC_OKTA_CLIENT_ID: 'x',
    };
    expect(problemsOf(env)).toHaveLength(3);
  });

  it('refuse two names for one provider', () => {
    const twin = { FINGERPOST_OIDC_B_ISSUER: 'https://acme.okta.com', FINGERPOST_OIDC_B_CLIENT_ID: 'y' };
    expect(problemsOf({ ...OKTA, ...twin, FINGERPOST_OIDC: 'okta,b' })).toEqual([
      expect.stringMatching(/name it once/),
    ]);
  });

  it('show no secret to whoever prints them', () => {
    const { providers } = readGatewaySettings({ ...OKTA, FINGERPOST_OIDC_OKTA_CLIENT_SECRET: 'hunter2' });
    expect(JSON.stringify(providers)).not.toContain('hunter2');
    expect(providers![0]!.clientSecret!.reveal()).toBe('hunter2');
  });
});
