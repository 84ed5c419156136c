/** What docs/operations/keys.md says of passwords at Postgres, on a cluster that is in use: who serves, who changes the schema, who administers. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cluster, migrate, REPOSITORY } from '@fingerpost/local';
import type { RealPostgres } from '@fingerpost/platform/testing';
import { withUser } from './with-settings.ts';

const [OLD, NEW] = ['the old one', 'the new one'];

/** A role that has to say a password, as in production. */
export async function registriesHavePassword(cluster: Cluster): Promise<void> {
  const { postgres } = cluster.engines;
  postgres.run(`CREATE ROLE fingerpost_registry LOGIN PASSWORD '${OLD}'`);
  postgres.run(await readFile(join(import.meta.dirname, '../../deploy/postgres/grants.sql'), 'utf8'));
  await wantPassword(postgres, 'fingerpost_registry');
  await registriesSay(cluster, OLD);
}

export async function newPasswordOfRegistries(cluster: Cluster): Promise<void> {
  cluster.engines.postgres.run(`ALTER ROLE fingerpost_registry PASSWORD '${NEW}'`);
  await registriesSay(cluster, NEW);
}

/** Who migrates, or administers, says another password from now on. */
export async function newPasswordOfRole(cluster: Cluster, role: 'fingerpost_migrate' | 'postgres'): Promise<void> {
  const { postgres } = cluster.engines;
  postgres.run(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD '${OLD}'`);
  await wantPassword(postgres, role);
  const migratesBy = (password: string) => {
    const url = new URL(postgres.urlFor(role));
    url.password = password;
    return isDone(migrate(REPOSITORY, url.href));
  };
  expect(await migratesBy(OLD)).toBe(true);
  postgres.run(`ALTER ROLE ${role} PASSWORD '${NEW}'`);
  expect([await migratesBy(OLD), await migratesBy(NEW)]).toEqual([false, true]);
}

async function registriesSay(cluster: Cluster, password: string): Promise<void> {
  await cluster.restart(cluster.named('registry'), withUser('DATABASE_URL', 'fingerpost_registry', password));
}

async function wantPassword(postgres: RealPostgres, role: string): Promise<void> {
  const rules = postgres.run('SHOW hba_file').trim();
  await writeFile(rules, `host all ${role} 127.0.0.1/32 scram-sha-256\n${await readFile(rules, 'utf8')}`);
  postgres.run('SELECT pg_reload_conf()');
}

const isDone = (work: Promise<unknown>) =>
  work.then(
    () => true,
    () => false,
  );
