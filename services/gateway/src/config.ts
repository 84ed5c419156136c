import {
  addresses,
  bool,
  count,
  EnvError,
  host,
  list,
  listenPort,
  listOf,
  makeValidator,
  type SettingsOf,
  type SettingsSpec,
  secret,
  str,
  webOrigin,
} from '@fingerpost/platform';
import { isExtensionId, OUR_EXTENSIONS } from './authority/clients.ts';
import type { ProviderSettings } from './identity/sign-in/provider-settings.ts';
import { SITE_NAMES } from './sites/sites.ts';

const extension = (id: string) =>
  isExtensionId(id) ? undefined : `"${id}" is no id of an extension, such as ${OUR_EXTENSIONS.join(' or ')}`;

const site = (name: string) =>
  SITE_NAMES.includes(name) ? undefined : `knows no site "${name}"; there are ${SITE_NAMES.join(', ')}`;

function sitePart(part: string): string | undefined {
  const [name = '', rest] = part.split('.');
  return rest ? site(name) : `"${part}" is no part of a site; they look like github.actions`;
}

const sha256 = makeValidator<string>((text) => {
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new EnvError('must be 64 hex digits: openssl rand -base64 32 makes a key, sha256sum its hash');
  return text;
});

export const gatewaySettings = {
  // where to listen; 0 lets the system choose
  port: ['PORT', listenPort({ default: 3000 })],
  // the address to listen on; 0.0.0.0 for all of them
  host: ['HOST', host({ default: '127.0.0.1' })],
  // where probes and Prometheus ask; without it Prometheus asks at PORT, as everybody can
  healthPort: ['HEALTH_PORT', listenPort({ default: undefined })],
  // folder with the API tokens
  dataFolder: ['FINGERPOST_DATA', str({ default: './data' })],
  // one more API token to accept, any string without a comma; several to replace one
  token: ['FINGERPOST_TOKEN', str({ default: undefined })],
  // the sites whose pages may ask
  sites: ['FINGERPOST_SITES', listOf(site)({ default: ['github', 'aws', 'gitlab', 'generic'] })],
  // parts of pages that the extension is not to read, such as github.actions
  sitePartsOff: ['FINGERPOST_SITE_PARTS_OFF', listOf(sitePart)({ default: [] })],
  // requests a minute for one caller; 0 switches the limit off
  rateLimit: ['FINGERPOST_RATE_LIMIT', count({ default: 600 })],
  // answers kept ready to send
  cacheEntries: ['FINGERPOST_CACHE_ENTRIES', count({ default: 20_000 })],
  // bytes for answers that are kept
  cacheBytes: ['FINGERPOST_CACHE_BYTES', count({ default: 64_000_000 })],
  // bytes for what integrations remember between runs
  memoryBytes: ['FINGERPOST_MEMORY_BYTES', count({ default: 64_000_000 })],
  // a Redis that gateways share: redis:// or rediss://, with user and password if it wants them
  redisUrl: ['REDIS_URL', secret({ default: undefined })],
  // in its place, nodes of a cluster: host:port, each with rediss:// in front for TLS
  redisCluster: ['REDIS_CLUSTER', list({ default: [] })],
  // in its place, sentinels, written like that
  redisSentinels: ['REDIS_SENTINELS', list({ default: [] })],
  // what the sentinels call the master
  redisSentinelName: ['REDIS_SENTINEL_NAME', str({ default: undefined })],
  // what the sentinels want to hear, if anything
  redisSentinelPassword: ['REDIS_SENTINEL_PASSWORD', secret({ default: undefined })],
  // who we are to Redis
  redisUsername: ['REDIS_USERNAME', str({ default: undefined })],
  redisPassword: ['REDIS_PASSWORD', secret({ default: undefined })],
  // PEM file with the certificate authority of Redis, where it is not a public one
  redisCa: ['REDIS_CA', str({ default: undefined })],
  // what gateways seal with whatever they put into Redis: 32 bytes in base64; several to replace one: the first writes, all read
  cacheKeys: ['FINGERPOST_CACHE_KEY', secret({ default: undefined })],
  // whether whoever has a token may read why integrations fail, as the log tells it; by default only where this listens on loopback and knows of no proxy
  showsFailures: ['FINGERPOST_SHOW_FAILURES', bool({ default: undefined })],
  // proxies (addresses or CIDR ranges) whose word about the caller's address is believed
  trustedProxies: ['FINGERPOST_TRUSTED_PROXIES', addresses({ default: [] })],
  // where browsers reach this: https://fingerpost.acme.dev
  url: ['FINGERPOST_URL', webOrigin({ default: '' })],
  // names of the identity providers that people sign in with; each has settings of its own (`sign-in/provider-settings.ts`)
  oidc: ['FINGERPOST_OIDC', list({ default: [] })],
  // ids of the extensions that people may sign in, Chrome's and Edge's (32 letters) and Firefox's (name@domain)
  extensions: ['FINGERPOST_EXTENSIONS', listOf(extension)({ default: OUR_EXTENSIONS })],
  // sha256, in hex, of a key that lies in a safe and opens the administration for an hour when no provider works
  breakGlass: ['FINGERPOST_BREAK_GLASS', sha256({ default: undefined })],
  // callers (addresses or CIDR ranges) that may come in; all, where none are named
  allowedAddresses: ['FINGERPOST_ALLOWED_ADDRESSES', addresses({ default: [] })],
  // true when browsers reach this through https: tells them to insist on it
  isBehindHttps: ['FINGERPOST_BEHIND_HTTPS', bool({ default: false })],
} satisfies SettingsSpec;

export interface GatewaySettings extends SettingsOf<typeof gatewaySettings> {
  /** those that `oidc` names */
  readonly providers?: readonly ProviderSettings[];
}
