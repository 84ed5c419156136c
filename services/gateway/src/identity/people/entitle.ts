import { isGoogle, type ProviderSettings } from '../sign-in/provider-settings.ts';
import { BREAK_GLASS } from './break-glass-person.ts';
import type { Entitle } from './people.ts';
import type { Role, Vouched } from './person.ts';

/**
 * What the settings give to somebody whom a provider vouches for. An address counts only where the provider has verified it, and a
 * group only at the provider whose settings name it.
 */
export function entitleBy(providers: readonly ProviderSettings[], hasBreakGlass = false): Entitle {
  return (vouched) => {
    if (vouched.provider === BREAK_GLASS) return hasBreakGlass ? { groups: [], roles: ['viewer', 'admin'] } : undefined;
    const provider = providers.find(({ name }) => name === vouched.provider);
    if (provider === undefined || provider.issuer !== vouched.issuer || !isOfDomain(vouched, provider))
      return undefined;
    const roles = rolesFor(vouched, provider);
    return roles && { roles, groups: vouched.groups.map((group) => provider.groupPrefix + group) };
  };
}

function rolesFor(vouched: Vouched, provider: ProviderSettings): Role[] | undefined {
  const { viewers, authors, approvers, operators, admins } = provider;
  const isAmong = (names: readonly string[]) => names.some((name) => isMeant(name, vouched, provider));
  const beside = (
    [
      ['author', authors],
      ['approver', approvers],
      ['operator', operators],
      ['admin', admins],
    ] as const
  )
    .filter(([, names]) => isAmong(names))
    .map(([role]) => role);
  if (viewers.length > 0 && beside.length === 0 && !isAmong(viewers)) return undefined;
  return ['viewer', ...beside];
}

function isMeant(name: string, vouched: Vouched, provider: ProviderSettings): boolean {
  if (!name.includes('@')) return vouched.groups.includes(name);
  return verifiedEmail(vouched, provider) === name.toLowerCase();
}

// Google's `hd` says whose account it is; an address at that domain alone may be a private account.
function isOfDomain(vouched: Vouched, provider: ProviderSettings): boolean {
  const { domains } = provider;
  if (domains.length === 0) return true;
  const domain = isGoogle(provider) ? vouched.hostedDomain?.toLowerCase() : domainOf(verifiedEmail(vouched, provider));
  return domain !== undefined && domains.some((allowed) => allowed.toLowerCase() === domain);
}

// Of what has one "@" alone: anything else is read differently by everybody.
const domainOf = (email: string | undefined): string | undefined => /^[^@\s]+@([^@\s]+)$/.exec(email ?? '')?.[1];

const verifiedEmail = (
  { email, isEmailVerified }: Vouched,
  { vouchesForEmail }: ProviderSettings,
): string | undefined => (isEmailVerified || vouchesForEmail ? email?.toLowerCase() : undefined);
