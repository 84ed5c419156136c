import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '@fingerpost/local';
import { bringPackages, hasOurPackages } from './bring-packages.ts';
import { versionOf } from './commits.ts';

/** What may have packages of its own. */
const WORKSPACES = ['.', ...globSync('{*,{deploy,packages,services}/*}', { cwd: REPOSITORY })];

/**
 * What a platform team has when it runs a release by compose: a clone, with that commit in it, from which it can fetch ours. It stays for the
 * next time, as do the images.
 * @returns the folder, and the commit as images are tagged with it
 */
export function checkoutOf(name: string): { folder: string; version: string } {
  const version = versionOf(name);
  const folder = join(tmpdir(), `fingerpost-checkout-${version}`);
  if (!existsSync(folder)) execFileSync('git', ['clone', '--quiet', '--no-checkout', REPOSITORY, folder]);
  execFileSync('git', ['checkout', '--quiet', '--force', '--detach', version], { cwd: folder });
  const isBare = !existsSync(join(folder, 'node_modules'));
  if (isBare && hasOurPackages(folder)) bringPackages(folder, WORKSPACES); // others it fetches itself
  return { folder, version };
}

/** By that commit's own Dockerfile, unless they are there. */
export function imagesOf({ folder, version }: { folder: string; version: string }, services: readonly string[]): void {
  const there = execFileSync('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}'], { encoding: 'utf8' });
  if (services.every((service) => there.includes(`fingerpost/${service}:${version}\n`))) return;
  const env = { ...process.env, FINGERPOST_VERSION: version };
  execFileSync('npm', ['run', 'images'], { cwd: folder, env, stdio: 'inherit' });
}
