/** What is done once, before services of a build are started. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Keys that are there stay; NATS's part is written with the permissions of that build. */
export function makeIdentities(build: string, folder: string): Promise<void> {
  return run(build, ['deploy/nats/dist/main.js', folder]);
}

/** Brings a database up to that build. @throws with what it says */
export function migrate(build: string, databaseUrl: string): Promise<void> {
  return run(build, ['services/registry/dist/migrate.main.js'], { DATABASE_URL: databaseUrl });
}

async function run(build: string, [program, ...args]: [string, ...string[]], env: NodeJS.ProcessEnv = {}) {
  const { PATH, HOME, LANG } = process.env;
  await promisify(execFile)(process.execPath, [join(build, program), ...args], { env: { PATH, HOME, LANG, ...env } });
}
