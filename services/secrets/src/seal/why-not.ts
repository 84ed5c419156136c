import type { SecretBinding, SecretSlot } from '@fingerpost/contracts';
import { hostAndPort, matchingHosts } from '../bounds/host.ts';
import { isUnder } from '../bounds/is-under.ts';
import type { StoredBinding } from '../store/stored-binding.ts';
import type { Outgoing } from './slots.ts';

type Target = Pick<Outgoing, 'method' | 'url'>;

/** Who bounds where a secret may go: what is absent is not bounded by them. */
export interface Bounds extends Partial<Pick<StoredBinding, 'hosts' | 'methods' | 'pathPrefixes' | 'slots'>> {
  /** what to write so that a field says something else */
  howToChange(field: 'hosts' | 'methods' | 'paths' | 'slots', values: readonly string[]): string;
}

/** The grant's, which its author asked for. */
export const boundsOfGrant = (name: string, { hosts, methods, pathPrefixes, slots }: SecretBinding): Bounds => ({
  hosts,
  methods,
  pathPrefixes,
  slots,
  howToChange: (field, values) =>
    field === 'hosts'
      ? ''
      : `; write ${field === 'paths' ? 'pathPrefixes' : field}: ${JSON.stringify(values)} under secrets.${name} in the metadata`,
});

/** Those of whoever keeps the secret. */
export const boundsOfKeeper = (binding: StoredBinding): Bounds => ({
  ...binding,
  howToChange: (field, values) =>
    `, as whoever keeps the secret says; to let it: ${binding.howToChange(field, values.join(','))}`,
});

/** @returns why the value may not stand in this slot; `undefined` where it may */
export function whyNotInSlot({ slots, howToChange }: Bounds, slot: SecretSlot): string | undefined {
  if (slots === undefined || slots.includes(slot)) return undefined;
  return `${SLOT_WORDS[slot]} is none of its slots${howToChange('slots', [slot])}`;
}

/** @returns why it may not go there; `undefined` where it may */
export function whyNotThere(
  { hosts, methods, pathPrefixes, howToChange }: Bounds,
  { method, url }: Target,
): string | undefined {
  if (hosts !== undefined && matchingHosts(hosts, url).length === 0)
    return `it may go to ${said(hosts, 'no host')}, not to ${hostAndPort(url)}${howToChange('hosts', [...hosts, url.host])}`;
  if (methods !== undefined && !methods.includes(method))
    return `it may be used with ${said(methods, 'no method')}, not with ${method}${howToChange('methods', [...methods, method])}`;
  if (pathPrefixes !== undefined && !pathPrefixes.some((prefix) => isUnder(prefix, url.pathname)))
    return `it may be used under ${said(pathPrefixes, 'no path')}, not under ${url.pathname}${howToChange('paths', [...pathPrefixes, url.pathname])}`;
}

const said = (values: readonly string[], none: string): string => values.join(', ') || none;

const SLOT_WORDS: Record<SecretSlot, string> = {
  header: 'a header’s value',
  basic: 'Basic credentials',
  query: 'the query of an address',
  body: 'the body',
};
