import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '@fingerpost/local';

const SERVICES = ['gateway', 'registry', 'runner', 'secrets'].map((name) => `services/${name}`);

/** The commit before the last one that changed what is running: with no releases yet, the nearest there is to one. */
export const previousCommit = (): string =>
  git('log', '--first-parent', '--skip=1', '-1', '--format=%H', '--', 'services', 'packages').trim();

/**
 * What a platform team had when it ran that commit: its source, built. It stays for the next time.
 * @returns the folder
 */
export function buildOf(name: string): string {
  const commit = git('rev-parse', '--verify', `${name}^{commit}`).trim();
  const folder = join(tmpdir(), `fingerpost-build-${commit.slice(0, 12)}`);
  const stamp = join(folder, '.built');
  if (existsSync(stamp)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  execFileSync('sh', ['-c', `git archive ${commit} | tar -x -C ${folder}`], { cwd: REPOSITORY });
  bringPackages(folder);
  const compiler = join(folder, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-b', ...SERVICES, 'deploy/nats'], { cwd: folder, stdio: 'inherit' });
  execFileSync(process.execPath, ['build-inside.mjs'], { cwd: join(folder, 'services/runner'), stdio: 'inherit' });
  writeFileSync(stamp, `${commit}\n`);
  return folder;
}

/** Ours where it asked for the same ones: walls are built around real files, so links to them would not do. */
export function bringPackages(folder: string, places = ['.', ...SERVICES, 'packages/platform']): void {
  if (!hasOurPackages(folder)) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'inherit' });
    return;
  }
  for (const workspace of places) {
    const from = join(REPOSITORY, workspace, 'node_modules');
    if (existsSync(from))
      execFileSync('sh', ['-c', 'cp -al "$0" "$1" || cp -a "$0" "$1"', from, join(folder, workspace)]);
  }
}

export function hasOurPackages(folder: string): boolean {
  const [theirs, ours] = [folder, REPOSITORY].map((of) => readFileSync(join(of, 'package-lock.json'), 'utf8'));
  return theirs === ours;
}

export const git = (...args: string[]): string => execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8' });
