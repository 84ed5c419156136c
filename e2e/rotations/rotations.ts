import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '@fingerpost/local';
import { Certificates } from './certificates.ts';
import type { Company } from './company.ts';
import { newBreakGlassKey, newCacheKey, newToken } from './door.ts';
import { type Credentials, NatsKeys } from './nats.ts';
import { newPasswordOfRegistries, newPasswordOfRole, registriesHavePassword } from './postgres.ts';
import { newRedisPassword } from './redis.ts';
import { postgresShows, redisShows, vaultShows } from './shown.ts';
import { newUnsealKey, SealKeys } from './unseal-key.ts';
import { newPasswordOfAdministrator, newRoot, newSecretId } from './vault.ts';

/** What is rotated: a cluster in use, and what those who rotate remember from one time to the next. */
export interface At {
  cluster: Cluster;
  company: Company;
  nats: NatsKeys;
  certificates: Record<'Redis' | 'Postgres' | 'OpenBao', Certificates>;
  seal: SealKeys;
}

/** From what a cluster of `deploy/local` is to what production has: passwords, TLS with each engine, an OpenBao that opens by itself. */
export async function prepare(cluster: Cluster, company: Company): Promise<At> {
  await registriesHavePassword(cluster);
  const certificates = {
    Redis: new Certificates(cluster, await redisShows(cluster)),
    Postgres: new Certificates(cluster, await postgresShows(cluster)),
    OpenBao: new Certificates(cluster, await vaultShows(cluster)),
  };
  for (const each of Object.values(certificates)) await each.begin();
  return { cluster, company, nats: new NatsKeys(cluster), certificates, seal: new SealKeys(cluster) };
}

export type Rotation = [what: string, rotate: (at: At) => Promise<unknown>];

const ROLES: Credentials[] = ['gateway', 'registry', 'secrets', 'join'];
const SHOWING = ['Redis', 'Postgres', 'OpenBao'] as const;

/** What cannot be done in turn: everybody's identity on NATS at once. */
export const WITH_A_GAP = 'NATS: a new account';

/** All that nobody is to notice, named as in docs/operations/keys.md. */
export const ROTATIONS: Rotation[] = [
  ['nothing', () => sleep(2_000)],
  ...ROLES.map((of): Rotation => [`NATS: new credentials for \`${of}\``, ({ nats }) => nats.newCredentials(of)]),
  ...ROLES.map(
    (of): Rotation => [
      `NATS: a new key for \`${of}\``,
      async ({ nats }) => expect(await nats.newKeyOfRole(of)).toBe(true),
    ],
  ),
  ['NATS: a new key for runners', ({ nats }) => nats.newKeyForRunners()],
  ['NATS: a new operator key', ({ nats }) => nats.newOperator()],
  ['NATS: a certificate by another authority', ({ nats }) => nats.newAuthority()],
  ...SHOWING.flatMap((engine): Rotation[] => [
    [`${engine}: a certificate by the same authority`, ({ certificates }) => certificates[engine].renew()],
    [`${engine}: a certificate by another authority`, ({ certificates }) => certificates[engine].newAuthority()],
  ]),
  ['Redis: a new password', ({ cluster }) => newRedisPassword(cluster)],
  ['Postgres: a new password for registries', ({ cluster }) => newPasswordOfRegistries(cluster)],
  ['Postgres: a new password for who migrates', ({ cluster }) => newPasswordOfRole(cluster, 'fingerpost_migrate')],
  ['Postgres: a new password for its administrator', ({ cluster }) => newPasswordOfRole(cluster, 'postgres')],
  ['OpenBao: a new secret id', ({ cluster }) => newSecretId(cluster)],
  ['OpenBao: a new root key', ({ cluster }) => newRoot(cluster)],
  ['OpenBao: a new password for its administrator', ({ cluster }) => newPasswordOfAdministrator(cluster)],
  ['OpenBao: a new unseal key that people put in', ({ cluster }) => newUnsealKey(cluster)],
  ['OpenBao: from such a key to one of its own', ({ seal }) => seal.begin()],
  ['OpenBao: a new unseal key of its own', ({ seal }) => seal.renew()],
  ['`FINGERPOST_CACHE_KEY`', ({ cluster, company }) => company.whileSigningIn(() => newCacheKey(cluster))],
  ['`FINGERPOST_TOKEN`', ({ cluster }) => newToken(cluster)],
  ['the break-glass key', ({ cluster }) => newBreakGlassKey(cluster)],
  ['a client secret at a provider', ({ cluster, company }) => company.whileSigningIn(() => company.newSecret(cluster))],
];
