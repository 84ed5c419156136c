import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Log, SettingsError } from '@fingerpost/platform';
import { type Database, openEmbedded, openServer, reasonOf } from '@fingerpost/platform/database';
import { sql } from 'drizzle-orm';
import type { StoreSettings } from '../config.ts';
import { catalogue } from './schema.ts';

const MIGRATIONS = join(import.meta.dirname, '../../migrations');
const AGAIN_MS = 1_000;

/**
 * The database, with a schema that this code understands. Embedded it is brought up to date at once; a server's is changed by
 * `npm run migrate` alone. Waits for a server that is away.
 * @throws SettingsError that names the next step
 */
export async function openStore({ databaseUrl, databaseCa, dataFolder }: StoreSettings, log: Log): Promise<Database> {
  if (databaseUrl !== undefined) {
    const database = openServer({ url: databaseUrl.reveal(), ca: databaseCa }, log);
    await untilItAnswers(database, log);
    return await orClose(database, checkSchema);
  }
  const database = await openFolder(dataFolder);
  return await orClose(database, async () => {
    if (await isMigrated(database)) await checkSchema(database);
    await migrate(database);
  });
}

async function openFolder(dataFolder: string | undefined): Promise<Database> {
  try {
    return await openEmbedded(dataFolder === undefined ? undefined : join(dataFolder, 'catalogue'));
  } catch (error) {
    throw new SettingsError([`FINGERPOST_DATA: ${(error as Error).message}`]);
  }
}

export const migrate = (database: Database) => database.migrate(MIGRATIONS);

async function untilItAnswers(database: Database, log: Log): Promise<void> {
  for (let hasSaid = false; ; hasSaid = true) {
    try {
      await database.sql.execute(sql`SELECT 1`);
      return;
    } catch (error) {
      if (!hasSaid) log.warn(`waiting for the database of DATABASE_URL: ${reasonOf(error)}`);
    }
    await sleep(AGAIN_MS);
  }
}

async function orClose(database: Database, work: (database: Database) => Promise<void>): Promise<Database> {
  try {
    await work(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Neighbouring releases understand each other: a newer schema that only added something is no hindrance. */
async function checkSchema(database: Database): Promise<void> {
  const known = (JSON.parse(readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8')) as { entries: unknown[] })
    .entries.length;
  const applied = await migrationsIn(database);
  if (applied < known)
    throw new SettingsError([
      `DATABASE_URL: the database has ${applied} of the ${known} migrations that this release needs; run "npm run migrate" with its DATABASE_URL, then start again`,
    ]);
  const [row] = await database.sql.select({ least: catalogue.leastMigrations }).from(catalogue);
  if (row === undefined || row.least > known)
    throw new SettingsError([
      `DATABASE_URL: the database was migrated by a newer release (it asks for ${row?.least} migrations, this one knows ${known}); start that release, or restore a backup`,
    ]);
}

const isMigrated = async (database: Database) => (await migrationsIn(database)) > 0;

async function migrationsIn({ sql: db }: Database): Promise<number> {
  const there = await db.execute<{ name: string | null }>(
    sql`SELECT to_regclass('drizzle.__drizzle_migrations')::text AS name`,
  );
  if (rowsOf<{ name: string | null }>(there)[0]?.name == null) return 0;
  const counted = await db.execute(sql`SELECT count(*)::int AS n FROM drizzle.__drizzle_migrations`);
  return rowsOf<{ n: number }>(counted)[0]!.n;
}

// Both drivers answer raw SQL with an object that has rows; drizzle's common type does not say so.
const rowsOf = <T>(result: unknown): T[] => (result as { rows: T[] }).rows;
