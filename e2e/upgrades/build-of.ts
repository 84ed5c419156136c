import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '../..');
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

/** Ours where it asked for the same ones; what links to the workspace's own packages links to that commit's. */
function bringPackages(folder: string): void {
  const lock = (of: string) => readFileSync(join(of, 'package-lock.json'), 'utf8');
  if (lock(folder) !== lock(REPOSITORY)) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, stdio: 'inherit' });
    return;
  }
  const own = 'node_modules/@fingerpost';
  const nested = [...SERVICES, 'packages/platform'].map((at) => `${at}/node_modules`);
  const packages = readdirSync(join(REPOSITORY, 'node_modules')).map((name) => `node_modules/${name}`);
  for (const at of [...packages, ...nested]) if (at !== own && existsSync(join(REPOSITORY, at))) link(folder, at);
  for (const workspace of ['packages', 'services', 'deploy'])
    for (const name of readdirSync(join(folder, workspace)))
      if (existsSync(join(folder, workspace, name, 'package.json'))) linkOwn(folder, join(workspace, name));
}

function link(folder: string, at: string): void {
  mkdirSync(dirname(join(folder, at)), { recursive: true });
  symlinkSync(join(REPOSITORY, at), join(folder, at));
}

function linkOwn(folder: string, workspace: string): void {
  const { name } = JSON.parse(readFileSync(join(folder, workspace, 'package.json'), 'utf8')) as { name: string };
  mkdirSync(join(folder, 'node_modules/@fingerpost'), { recursive: true });
  symlinkSync(join(folder, workspace), join(folder, 'node_modules', name));
}

const git = (...args: string[]): string => execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8' });
