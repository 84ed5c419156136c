import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '@fingerpost/local';
import { bringPackages } from './bring-packages.ts';
import { commitOf } from './commits.ts';

const SERVICES = ['gateway', 'registry', 'runner', 'secrets'].map((name) => `services/${name}`);

/**
 * What a platform team had when it ran that commit: its source, built. It stays for the next time.
 * @returns the folder
 */
export function buildOf(name: string): string {
  const commit = commitOf(name);
  const folder = join(tmpdir(), `fingerpost-build-${commit.slice(0, 12)}`);
  const stamp = join(folder, '.built');
  if (existsSync(stamp)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  execFileSync('sh', ['-c', `git archive ${commit} | tar -x -C ${folder}`], { cwd: REPOSITORY });
  bringPackages(folder, ['.', ...SERVICES, 'packages/platform']);
  const compiler = join(folder, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-b', ...SERVICES, 'deploy/nats'], { cwd: folder, stdio: 'inherit' });
  execFileSync(process.execPath, ['build-inside.mjs'], { cwd: join(folder, 'services/runner'), stdio: 'inherit' });
  writeFileSync(stamp, `${commit}\n`);
  return folder;
}
