import { Fault } from '@fingerpost/contracts';
import type { Vouched } from '../people/person.ts';
import type { ProviderSettings } from './provider-settings.ts';

type Claims = Record<string, unknown>;

const MOST_GROUPS = 500;
const MOST_CHARS = 256;

/** What a provider says of somebody, in our words. Of what is too long or no text, nothing is kept. @throws Fault `identity.refused` */
export function claimsToVouched(
  claims: Claims & { iss?: unknown; sub?: unknown },
  provider: ProviderSettings,
): Vouched {
  const { email, email_verified: isVerified, name, preferred_username: username, hd } = claims;
  const shown = textIn(name) ?? textIn(username);
  return {
    provider: provider.name,
    issuer: String(claims.iss),
    sub: String(claims.sub),
    ...(textIn(email) !== undefined && { email: textIn(email) }),
    isEmailVerified: isVerified === true,
    ...(shown !== undefined && { name: shown }),
    ...(textIn(hd) !== undefined && { hostedDomain: textIn(hd) }),
    groups: groupsIn(claims, provider),
  };
}

/** Whether something is missing that the provider may say elsewhere. */
export const isWanting = (claims: Claims, { groupsClaim }: ProviderSettings): boolean =>
  claims.email === undefined || at(claims, groupsClaim) === undefined;

function groupsIn(claims: Claims, { groupsClaim, label }: ProviderSettings): string[] {
  const said = at(claims, groupsClaim);
  // Entra ID leaves out groups of whoever is in very many, and says where to ask.
  const elsewhere = claims._claim_names as Claims | undefined;
  if (said === undefined && elsewhere?.[groupsClaim] !== undefined)
    throw new Fault(
      'identity.refused',
      `${label} does not say the groups of somebody who is in so many. Have it send those assigned to the application only, or app roles.`,
    );
  const groups = (Array.isArray(said) ? said : [said]).filter((group) => textIn(group) !== undefined) as string[];
  return [...new Set(groups)].slice(0, MOST_GROUPS);
}

/** A claim by its name, or by a path of names: `realm_access.roles`. */
function at(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let here: unknown = claims;
  for (const name of path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Claims)[name];
  }
  return here;
}

const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= MOST_CHARS ? value : undefined;
