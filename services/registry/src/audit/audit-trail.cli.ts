/** `npm run audit-trail -- verify [<seq>:<hash>]` and `-- export`: the trail of DATABASE_URL, or of the embedded database of a product that is stopped. */
import { createLog, readSettings } from '@fingerpost/platform';
import { registrySettings } from '../config.ts';
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
  const database = await openStore(settings, createLog('audit-trail', { level: 'warn', format: 'pretty' }));
  try {
    if (command === 'export') for await (const row of readTrail(database.sql)) console.log(JSON.stringify(row));
    else {
      const { seq, hash } = await verifyTrail(
        readTrail(database.sql),
        remembered === null ? undefined : { seq: Number(remembered[1]), hash: remembered[2]! },
      );
      console.log(seq === 0 ? 'The audit trail is empty.' : `All ${seq} rows hold; the trail ends at ${seq}:${hash}`);
    }
  } finally {
    await database.close();
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
