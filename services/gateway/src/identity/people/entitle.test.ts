import { readProviders } from '../sign-in/provider-settings.ts';
import { entitleBy } from './entitle.ts';
import type { Vouched } from './person.ts';

const okta = { ISSUER: 'https://acme.okta.com', CLIENT_ID: 'x' };
const google = { ISSUER: 'https://accounts.google.com', CLIENT_ID: 'x', DOMAINS: 'acme.dev' };

function entitled(settings: Record<string, string>, vouched: Partial<Vouched> = {}) {
  const env = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [`FINGERPOST_OIDC_IDP_${name}`, value]),
  );
  const [provider] = readProviders(env, ['idp']);
  return entitleBy([provider!])({
    provider: 'idp',
    issuer: settings.ISSUER!,
    sub: 'anna',
    isEmailVerified: false,
    groups: [],
    ...vouched,
  });
}
const anna = { email: 'Anna@acme.dev', isEmailVerified: true };

describe('what the settings give', () => {
  it('is the role viewer, where nothing else is said', () => {
    expect(entitled(okta)).toEqual({ roles: ['viewer'], groups: [] });
  });

  it('is roles by group, none of which includes another', () => {
    const settings = { ...okta, ADMINS: 'platform', APPROVERS: 'security,leads' };
    expect(entitled(settings, { groups: ['platform'] })?.roles).toEqual(['viewer', 'admin']);
    expect(entitled(settings, { groups: ['leads', 'x'] })?.roles).toEqual(['viewer', 'approver']);
    expect(entitled(settings, { groups: ['Platform', 'platform-readers'] })?.roles).toEqual(['viewer']);
  });

  it('is roles by address, if the provider has verified it', () => {
    const settings = { ...okta, ADMINS: 'anna@acme.dev' };
    expect(entitled(settings, anna)?.roles).toContain('admin');
    expect(entitled(settings, { ...anna, isEmailVerified: false })?.roles).toEqual(['viewer']);
    expect(entitled({ ...settings, VOUCHES_FOR_EMAIL: 'true' }, { ...anna, isEmailVerified: false })?.roles).toContain(
      'admin',
    );
    expect(entitled(settings, { groups: ['anna@acme.dev'] })?.roles).toEqual(['viewer']);
  });

  it('is nothing for whoever is in none of the groups that may come in', () => {
    const settings = { ...okta, VIEWERS: 'engineers', ADMINS: 'platform' };
    expect(entitled(settings)).toBeUndefined();
    expect(entitled(settings, { groups: ['engineers'] })?.roles).toEqual(['viewer']);
    expect(entitled(settings, { groups: ['platform'] })?.roles).toEqual(['viewer', 'admin']);
  });

  it('is nothing for other domains, look-alikes, and addresses that nobody verified', () => {
    const settings = { ...okta, DOMAINS: 'acme.dev' };
    expect(entitled(settings, anna)).toBeDefined();
    for (const email of [
      'anna@acme.dev.evil.example',
      'anna@evilacme.dev',
      'anna@acme.dev@evil.example',
      'acme.dev',
      '',
    ])
      expect(entitled(settings, { email, isEmailVerified: true })).toBeUndefined();
    expect(entitled(settings, { ...anna, isEmailVerified: false })).toBeUndefined();
    expect(entitled(settings)).toBeUndefined();
  });

  it('is nothing for a private Google account with an address at the company', () => {
    expect(entitled(google, anna)).toBeUndefined();
    expect(entitled(google, { ...anna, hostedDomain: 'evil.example' })).toBeUndefined();
    expect(entitled(google, { ...anna, hostedDomain: 'acme.dev' })).toBeDefined();
  });

  it('is nothing from another provider, or one whose address has changed', () => {
    expect(entitled(okta, { provider: 'another' })).toBeUndefined();
    expect(entitled(okta, { issuer: 'https://evil.okta.com' })).toBeUndefined();
    expect(entitled(okta, { provider: 'break-glass', issuer: 'break-glass' })).toBeUndefined();
  });

  it('keeps the groups of one provider apart from another’s, where they have a prefix', () => {
    const settings = { ...okta, GROUP_PREFIX: 'contractors/', ADMINS: 'platform' };
    expect(entitled(settings, { groups: ['platform'] })).toEqual({
      roles: ['viewer', 'admin'],
      groups: ['contractors/platform'],
    });
  });
});
