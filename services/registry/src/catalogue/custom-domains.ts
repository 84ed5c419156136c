import { addressesOf } from '../build/check-match.ts';
import type { Version } from './version.ts';

/** Origins of the pages that `generic` integrations name: an extension has to be allowed there first. */
export function customDomains(versions: readonly Version[]): string[] {
  const rules = versions.filter(({ match }) => match.contextType === 'generic').map(({ match }) => match.context.url);
  const addresses = rules.flatMap((rule) => (rule === undefined ? [] : (addressesOf(rule) ?? [])));
  return [...new Set(addresses.flatMap((address) => originOf(address) ?? []))].sort();
}

function originOf(address: string): string | undefined {
  const url = URL.parse(address);
  return url === null || url.hostname.endsWith('.') ? undefined : url.origin;
}
