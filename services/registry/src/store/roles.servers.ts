/** deploy/postgres/*.sql as it is handed out: what registries may do suffices, and is no more than that. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Secret, type Service } from '@fingerpost/platform';
import { type Database, openServer } from '@fingerpost/platform/database';
import { findPostgres, type RealPostgres, startPostgres } from '@fingerpost/platform/testing';
import { sql } from 'drizzle-orm';
import { readTrail } from '../audit/trail.ts';
import { Company, integration, log } from '../testing/company.ts';
import { until } from '../testing/until.ts';
import { migrate, openStore } from './open-store.ts';

const DEPLOY = join(import.meta.dirname, '../../../../deploy/postgres');
const program = findPostgres();

(program === undefined ? describe.skip : describe)('the role of registries', () => {
  let server: RealPostgres;
  let database: Database;
  let company: Company;
  let registry: Service;
  const psql = (file: string, url: string) =>
    execFileSync(join(program!, 'psql'), ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', join(DEPLOY, file), url]);

  beforeAll(async () => {
    server = await startPostgres(program!);
    psql('roles.sql', server.url);
    const owner = server.urlFor('fingerpost_migrate', 'fingerpost');
    const migrating = openServer({ url: owner }, log);
    await Promise.all([migrate(migrating), migrate(migrating)]);
    await migrating.close();
    psql('grants.sql', owner);
    database = await openStore({ databaseUrl: new Secret(server.urlFor('fingerpost_registry', 'fingerpost')) }, log);
    company = await Company.start();
    company.answerInspections();
    registry = await company.startRegistry(database);
  });
  afterAll(async () => {
    await registry.close();
    await database.close();
    await company.close();
    await server.stop();
  });

  it('suffices for all that a registry does', async () => {
    await company.write('a.integration.js', integration('service-owner'));
    await until(async () => (await company.names()).length === 1);
    await company.remove('a.integration.js');
    await until(async () => (await company.names()).length === 0);
    expect(await Array.fromAsync(readTrail(database.sql))).toHaveLength(4);
  });

  it.each([
    'UPDATE audit_trail SET event = event',
    'DELETE FROM audit_trail',
    'TRUNCATE audit_trail',
    'DROP TABLE audit_trail',
    'ALTER TABLE audit_trail DISABLE TRIGGER ALL',
    'DROP TRIGGER audit_trail_rows_stay ON audit_trail',
    'CREATE OR REPLACE FUNCTION audit_trail_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
    'ALTER TABLE audit_trail DISABLE TRIGGER audit_trail_rows_follow',
    'DROP TRIGGER audit_trail_rows_follow ON audit_trail',
    'CREATE OR REPLACE FUNCTION audit_trail_follows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
    'ALTER FUNCTION audit_trail_follows() SET search_path = pg_temp',
    'CREATE FUNCTION public.to_json(text) RETURNS json LANGUAGE sql AS $$ SELECT NULL::json $$',
    "SET session_replication_role = 'replica'",
    'DELETE FROM catalogue',
    'CREATE TABLE public.another (n int)',
    'UPDATE drizzle.__drizzle_migrations SET hash = hash',
    'SET ROLE fingerpost_migrate',
    'ALTER ROLE fingerpost_registry SUPERUSER',
    "COPY audit_trail TO PROGRAM 'cat'",
    "COPY audit_trail FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    'SELECT * FROM pg_authid',
    'CREATE TEMP TABLE audit_trail (n int)',
    'CREATE EXTENSION dblink',
    'CREATE TRIGGER mine BEFORE INSERT ON audit_trail FOR EACH ROW EXECUTE FUNCTION audit_trail_only_grows()',
    'CREATE RULE mine AS ON INSERT TO audit_trail DO INSTEAD NOTHING',
    'DO $$ BEGIN LOCK TABLE audit_trail IN ACCESS EXCLUSIVE MODE; END $$',
    'INSERT INTO audit_trail SELECT * FROM audit_trail ON CONFLICT (seq) DO UPDATE SET event = $$forged$$',
    'MERGE INTO audit_trail t USING audit_trail s ON t.seq = s.seq WHEN MATCHED THEN DELETE',
    'ALTER TABLE catalogue ADD COLUMN mine int',
  ])('refuses: %s', async (statement) => {
    await expect(database.sql.execute(sql.raw(statement))).rejects.toMatchObject({
      cause: { code: '42501' }, // insufficient privilege
    });
  });

  it.each([
    'SET search_path = pg_temp',
    'SET search_path = nowhere, pg_temp; SET standard_conforming_strings = off',
    "SET client_encoding = 'LATIN1'; SET DateStyle = 'German'; SET TimeZone = 'Asia/Tokyo'; SET extra_float_digits = -15",
    'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ',
    'SET CONSTRAINTS ALL DEFERRED',
  ])('has no row taken that does not follow after: %s', async (statement) => {
    const forged = database.sql.transaction(async (tx) => {
      for (const one of statement.split('; ')) await tx.execute(sql.raw(one));
      await tx.execute(sql`INSERT INTO public.audit_trail SELECT seq + 1, gen_random_uuid(), service, event, recorded_at, hash, hash
        FROM public.audit_trail ORDER BY seq DESC LIMIT 1`);
    });
    await expect(forged).rejects.toMatchObject({ cause: { message: expect.stringContaining('does not follow') } });
  });
});
