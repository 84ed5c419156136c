/** What docs/operations/keys.md says of the passwords of Redis and Postgres, and of Vault, on a cluster that is in use. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from '@fingerpost/local';
import { withSettings } from './with-settings.ts';

const ROLE = 'auth/approle/role/fingerpost-secrets';
const ROOT = 'transit/keys/fingerpost-root';

export async function newRedisPassword(cluster: Cluster): Promise<void> {
  const acl = join(cluster.addresses.folder, 'redis/users.acl');
  const text = await readFile(acl, 'utf8');
  const password = randomBytes(24).toString('base64url');
  const [, old] = /#([0-9a-f]{64})/.exec(text)!;
  const hash = createHash('sha256').update(password).digest('hex');
  const believing = async (hashes: string) => {
    await writeFile(acl, text.replace(`#${old}`, hashes));
    await cluster.engines.redis.restart();
  };
  const url = new URL(cluster.addresses.redis.url);
  url.password = password;
  await believing(`#${old} #${hash}`);
  await cluster.restart(cluster.named('gateway'), withSettings({ REDIS_URL: url.href }));
  await believing(`#${hash}`);
}

/** A role that has to say a password, as in production. */
export async function registriesHavePassword(cluster: Cluster, password: string): Promise<void> {
  const { postgres } = cluster.engines;
  postgres.run(`CREATE ROLE fingerpost_registry LOGIN PASSWORD '${password}'`);
  postgres.run(await readFile(join(import.meta.dirname, '../../deploy/postgres/grants.sql'), 'utf8'));
  const rules = postgres.run('SHOW hba_file').trim();
  const rule = 'host all fingerpost_registry 127.0.0.1/32 scram-sha-256\n';
  await writeFile(rules, rule + (await readFile(rules, 'utf8')));
  postgres.run('SELECT pg_reload_conf()');
  await registriesSay(cluster, password);
}

export async function newPostgresPassword(cluster: Cluster, password: string): Promise<void> {
  cluster.engines.postgres.run(`ALTER ROLE fingerpost_registry PASSWORD '${password}'`);
  await registriesSay(cluster, password);
}

async function registriesSay(cluster: Cluster, password: string): Promise<void> {
  const url = new URL(cluster.engines.postgres.urlFor('fingerpost_registry'));
  url.password = password;
  await cluster.restart(cluster.named('registry'), withSettings({ DATABASE_URL: url.href }));
}

export async function newSecretId(cluster: Cluster): Promise<void> {
  const { vault } = cluster.engines;
  const accessors = async () => ((await vault.send('LIST', `${ROLE}/secret-id`)).data as { keys: string[] }).keys;
  const before = await accessors();
  const { secretId } = await vault.login();
  await cluster.restart(cluster.named('secrets'), withSettings({ FINGERPOST_VAULT_SECRET_ID: secretId }));
  for (const secret_id_accessor of before)
    await vault.send('POST', `${ROLE}/secret-id-accessor/destroy`, { secret_id_accessor });
}

/** The five steps of deploy/vault/README.md; a day is not waited for, everybody is restarted in its place. */
export async function newRoot(cluster: Cluster): Promise<void> {
  const { vault } = cluster.engines;
  const secrets = cluster.named('secrets');
  const others = [...cluster.services.values()].filter((child) => !secrets.includes(child));
  const tellOthers = async () => {
    await writeFile(cluster.addresses.rootKeyFile, JSON.stringify(await vault.rootKeys()));
    await cluster.restart(others);
  };
  await cluster.restart(secrets, withSettings({ FINGERPOST_ROOT_TRANSIT_VERSION: '1' }));
  await vault.send('POST', `${ROOT}/rotate`);
  await tellOthers();
  await cluster.restart(secrets, withSettings({ FINGERPOST_ROOT_TRANSIT_VERSION: undefined }));
  await cluster.restart(others); // who was certified by the old version is certified by the new one
  await vault.send('POST', `${ROOT}/config`, { min_decryption_version: 2 });
  await tellOthers();
}
