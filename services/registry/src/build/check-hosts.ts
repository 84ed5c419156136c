import { WILDCARD_HOST } from '@fingerpost/contracts';
import { hostOf } from './derive-hosts.ts';
import { describe, type Faults, MOST_ITEMS } from './faults.ts';

/** Exact hosts, and the few patterns under which strangers own nothing. @returns them as URLs spell them */
export function checkHosts(value: unknown, path: string, faults: Faults): string[] | undefined {
  if (!Array.isArray(value))
    return faults.say(path, `must be a list such as ["api.pagerduty.com"], got ${describe(value)}`);
  if (value.length > MOST_ITEMS) return faults.say(path, `has ${value.length} items, ${MOST_ITEMS} at most`);
  return value.flatMap((host, index) => checkHost(host, `${path}[${index}]`, faults) ?? []);
}

function checkHost(host: unknown, path: string, faults: Faults): string | undefined {
  if (typeof host === 'string' && WILDCARD_HOST.test(host)) return host;
  if (typeof host === 'string' && host.includes('*'))
    return faults.say(
      path,
      `${describe(host)} is too wide: others may own names under it. Name each host; only regions of AWS may be a "*", as in "lambda.*.amazonaws.com"`,
    );
  const known = typeof host === 'string' && /^[^/?#@\s]+$/.test(host) ? hostOf(`https://${host}`) : undefined;
  return (
    known ??
    faults.say(
      path,
      `must be an exact host such as "api.pagerduty.com" or "localhost:3000" (no scheme, path or wildcard), got ${describe(host)}`,
    )
  );
}
