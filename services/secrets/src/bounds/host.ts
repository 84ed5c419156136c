import { WILDCARD_HOST } from '@fingerpost/contracts';

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/** `host:port` of an address, the port always written out: the one spelling in which hosts are compared. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`;
}

/**
 * Does one of these entries (`host` or `host:port`) name the address's host? A bare host means https on its own port and nothing else:
 * who grants `api.acme.dev` has not granted what listens beside it.
 */
export const namesHost = (entries: readonly string[], url: URL): boolean => matchingHosts(entries, url).length > 0;

/** The entries that name it: a plain one, or a pattern of which each `*` is one label. */
export const matchingHosts = (entries: readonly string[], url: URL): string[] =>
  entries.filter((entry) => (entry.includes('*') ? matchesPattern(entry, url) : parseHost(entry) === hostAndPort(url)));

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** `lambda.*.amazonaws.com`, and `*.s3.*.amazonaws.com` for buckets. Any other pattern names nothing. */
function matchesPattern(pattern: string, url: URL): boolean {
  if (!WILDCARD_HOST.test(pattern) || hostAndPort(url) !== `${url.hostname}:443`) return false;
  const wanted = pattern.split('.');
  const labels = url.hostname.split('.');
  if (labels.length !== wanted.length) return false;
  return wanted.every((label, at) =>
    label === '*' ? (at === 0 ? BUCKET : REGION).test(labels[at]!) : label === labels[at],
  );
}

/** `undefined` for anything but `host` or `host:port`; a bare host gets 443. */
export function parseHost(entry: string): string | undefined {
  if (/[/?#@\\\s%*]/.test(entry)) return undefined;
  const url = URL.parse(`https://${entry}`);
  return url === null || url.hostname === '' ? undefined : hostAndPort(url);
}
