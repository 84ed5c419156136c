import { join } from 'node:path';

export type Role = 'gateway' | 'registry' | 'runner' | 'secrets';

/** Where everything is, and what opens it. */
export interface Addresses {
  folder: string;
  /** the port that people ask */
  door: number;
  nats: { url: string; ca: string; identities: string };
  redis: { url: string };
  database: { url: string };
  vault: { url: string; roleId: string; secretId: string };
  /** what gateways seal with */
  cacheKey: string;
  rootKeyFile: string;
}

const SYSTEM = ['PATH', 'HOME', 'LANG', 'TMPDIR'];

/** What a service is told; `env` counts for all of them and comes last, but what it lets be called is added. */
export function settingsOf(role: Role, addresses: Addresses, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { nats, folder } = addresses;
  const own = OWN[role](addresses);
  return {
    ...Object.fromEntries(SYSTEM.map((name) => [name, process.env[name]])),
    NATS_URL: nats.url,
    NATS_CA: nats.ca,
    NATS_CREDS: join(nats.identities, `creds/${role === 'runner' ? 'join' : role}.creds`),
    ...(role !== 'secrets' && { FINGERPOST_ROOT_KEY: addresses.rootKeyFile }),
    FINGERPOST_DATA: role === 'gateway' ? folder : join(folder, role), // API tokens lie where `npm start` has them
    ...own,
    ...Object.fromEntries(Object.entries(env).filter(([name]) => role === 'secrets' || !isSecret(name))),
    ...(own[ALLOW] && { [ALLOW]: [own[ALLOW], env[ALLOW]].filter(Boolean).join() }),
  };
}

const ALLOW = 'FINGERPOST_OUTBOUND_ALLOW';

/** Only one service holds values. */
const isSecret = (name: string) => name.startsWith('INTEGRATION_');

const OWN: Record<Role, (addresses: Addresses) => NodeJS.ProcessEnv> = {
  gateway: ({ redis, cacheKey, door }) => ({
    REDIS_URL: redis.url,
    FINGERPOST_CACHE_KEY: cacheKey,
    FINGERPOST_URL: `http://localhost:${door}`, // tokens of one are good at the other
  }),
  registry: ({ database }) => ({ DATABASE_URL: database.url }),
  runner: () => ({}),
  secrets: ({ vault, nats, door }) => ({
    VAULT_ADDR: vault.url,
    FINGERPOST_VAULT_AUTH: 'approle',
    FINGERPOST_VAULT_ROLE_ID: vault.roleId,
    FINGERPOST_VAULT_SECRET_ID: vault.secretId,
    FINGERPOST_ROOT_TRANSIT_KEY: 'transit/fingerpost-root',
    NATS_RUNNER_KEY: join(nats.identities, 'creds/runner-key.json'),
    [ALLOW]: `127.0.0.1:${door},localhost:${door}`,
  }),
};
