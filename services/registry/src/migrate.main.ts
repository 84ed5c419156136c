/** `npm run migrate`: brings the database of DATABASE_URL up to this release. Run it before the first replica of a new release starts. */
import { createLog, readSettings, SettingsError } from '@fingerpost/platform';
import { openServer, reasonOf } from '@fingerpost/platform/database';
import { registrySettings } from './config.ts';
import { migrate } from './store/open-store.ts';

const { databaseUrl, databaseCa } = registrySettings;

try {
  const { url, ca } = readSettings(process.env, { url: databaseUrl, ca: databaseCa });
  if (url === undefined)
    throw new SettingsError(['DATABASE_URL: is missing; the embedded database needs no migrate, a start does it']);
  const database = openServer({ url: url.reveal(), ca }, createLog('migrate', { level: 'info', format: 'pretty' }));
  await migrate(database);
  await database.close();
  console.log('The database is up to date.');
} catch (error) {
  console.error(error instanceof SettingsError ? error.message : `The database was not migrated: ${reasonOf(error)}`);
  process.exit(1);
}
