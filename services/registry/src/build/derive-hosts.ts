// The host must be written out: `${region}.example.com` names none, and a text that goes on in the next line of code may not either.
const ADDRESS = /https?:\/\/([a-z0-9.-]+(?::\d{1,5})?)(?=[/?#"'`\s\\)])/gi;
const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

const MOST_HOSTS = 100;

/** `*` is one label: a region, or a bucket of somebody whom the signed request tells no secret. */
const HOSTS_OF_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@aws-sdk/client-cloudwatch-logs': ['logs.*.amazonaws.com'],
  '@aws-sdk/client-cost-explorer': ['ce.us-east-1.amazonaws.com'],
  '@aws-sdk/client-dynamodb': ['dynamodb.*.amazonaws.com'],
  '@aws-sdk/client-lambda': ['lambda.*.amazonaws.com'],
  '@aws-sdk/client-resource-groups-tagging-api': ['tagging.*.amazonaws.com'],
  '@aws-sdk/client-s3': ['s3.*.amazonaws.com', '*.s3.*.amazonaws.com'],
  '@octokit/rest': ['api.github.com'],
  '@slack/web-api': ['slack.com'],
};

/** Hosts of the addresses that stand in the author's code and of the packages that it uses, for files that declare none. A guess, and shown as one. */
export function deriveHosts(code: string, packages: readonly string[] = []): string[] {
  const hosts = new Set(packages.flatMap((name) => HOSTS_OF_PACKAGES[name] ?? []));
  for (const [address] of code.matchAll(ADDRESS)) {
    const host = hostOf(address);
    if (host?.includes('.') || host?.startsWith('localhost')) hosts.add(host);
  }
  return [...hosts].sort().slice(0, MOST_HOSTS);
}

/** `host` or `host:port` in the form that URLs give them (small letters, no default port), or nothing where it is none. */
export function hostOf(address: string): string | undefined {
  const url = URL.parse(address);
  return url !== null && HOST.test(url.hostname) ? url.host : undefined;
}
