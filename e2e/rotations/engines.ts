/** What docs/operations/keys.md says of the passwords of Redis and Postgres, and of Vault, on a cluster that is in use. */
import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change, Cluster } from '@fingerpost/local';
import type { RealPostgres } from '@fingerpost/platform/testing';
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
  await believing(`#${old} #${hash}`);
  await cluster.restart(cluster.named('gateway'), saying('REDIS_URL', 'gateway', password));
  await believing(`#${hash}`);
}

/** A role that has to say a password, as in production. */
export async function registriesHavePassword(cluster: Cluster, password: string): Promise<void> {
  const { postgres } = cluster.engines;
  postgres.run(`CREATE ROLE fingerpost_registry LOGIN PASSWORD '${password}'`);
  postgres.run(await readFile(join(import.meta.dirname, '../../deploy/postgres/grants.sql'), 'utf8'));
  await wantPassword(postgres, 'fingerpost_registry');
  await registriesSay(cluster, password);
}

export async function wantPassword(postgres: RealPostgres, role: string): Promise<void> {
  const rules = postgres.run('SHOW hba_file').trim();
  await writeFile(rules, `host all ${role} 127.0.0.1/32 scram-sha-256\n${await readFile(rules, 'utf8')}`);
  postgres.run('SELECT pg_reload_conf()');
}

export async function newPostgresPassword(cluster: Cluster, password: string): Promise<void> {
  cluster.engines.postgres.run(`ALTER ROLE fingerpost_registry PASSWORD '${password}'`);
  await registriesSay(cluster, password);
}

async function registriesSay(cluster: Cluster, password: string): Promise<void> {
  await cluster.restart(cluster.named('registry'), saying('DATABASE_URL', 'fingerpost_registry', password));
}

/** The address of an engine as before, but for who asks there. */
const saying =
  (setting: 'REDIS_URL' | 'DATABASE_URL', user: string, password: string): Change =>
  (program) => {
    const url = new URL(program.env[setting]!);
    Object.assign(url, { username: user, password });
    return withSettings({ [setting]: url.href })(program);
  };

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
