const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/** `host:port` of an address, the port always written out: the one spelling in which hosts are compared. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || DEFAULT_PORTS[url.protocol]}`;
}

/**
 * Does one of these entries (`host` or `host:port`) name the address's host? A bare host means https on its own port and nothing else:
 * who grants `api.acme.dev` has not granted what listens beside it.
 */
export function namesHost(entries: readonly string[], url: URL): boolean {
  return entries.some((entry) => parseHost(entry) === hostAndPort(url));
}

/** `undefined` for anything but `host` or `host:port`; a bare host gets 443. */
export function parseHost(entry: string): string | undefined {
  if (/[/?#@\\\s%*]/.test(entry)) return undefined;
  const url = URL.parse(`https://${entry}`);
  return url === null || url.hostname === '' ? undefined : hostAndPort(url);
}
