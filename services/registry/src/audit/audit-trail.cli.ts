/** `npm run audit-trail -- verify [<seq>:<hash>]` and `-- export`: the trail of DATABASE_URL, or of the embedded database of a product that is stopped. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createLog, readSettings, SettingsError } from '@fingerpost/platform';
import { registrySettings, type StoreSettings } from '../config.ts';
import { openStore } from '../store/open-store.ts';
import { readTrail, verifyTrail } from './trail.ts';

const USAGE = `usage: npm run audit-trail -- verify [<seq>:<hash>]   follows the hashes; with a head that the log remembers, to it at least
       npm run audit-trail -- export                   every event, one JSON object a line`;

const { databaseUrl, databaseCa, dataFolder } = registrySettings;

async function run([command, anchor, ...rest]: string[]): Promise<void> {
  const remembered = /^(\d+):([0-9a-f]{64})$/.exec(anchor ?? '');
  const isUnderstood = command === 'verify' ? anchor === undefined || remembered !== null : anchor === undefined;
  if (!isUnderstood || rest.length > 0 || !['verify', 'export'].includes(command ?? '')) throw new Error(USAGE);

  const settings = readSettings(process.env, { databaseUrl, databaseCa, dataFolder });
  const place = placeOf(settings);
  const database = await openStore(settings, createLog('audit-trail', { level: 'warn', format: 'pretty' }));
  try {
    if (command === 'export') for await (const row of readTrail(database.sql)) console.log(JSON.stringify(row));
    else {
      const { seq, hash } = await verifyTrail(
        readTrail(database.sql),
        remembered === null ? undefined : { seq: Number(remembered[1]), hash: remembered[2]! },
      );
      console.log(
        seq === 0
          ? `The audit trail of ${place} is empty.`
          : `All ${seq} rows of ${place} hold; the trail ends at ${seq}:${hash}`,
      );
    }
  } finally {
    await database.close();
  }
}

/** Whose trail is read. Opening an embedded database makes one where none is, and an empty trail holds always. @throws SettingsError */
function placeOf({ databaseUrl, dataFolder }: StoreSettings): string {
  if (databaseUrl !== undefined) return 'the database of DATABASE_URL';
  const folder = resolve(dataFolder ?? '.', 'catalogue');
  if (existsSync(folder)) return folder;
  throw new SettingsError([
    `FINGERPOST_DATA: there is no catalogue in ${folder}; name its folder, or set DATABASE_URL`,
  ]);
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
