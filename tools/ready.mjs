// Makes a fresh clone ready, on a machine that has only Node 20.11 or newer and npm. Plain JavaScript without dependencies: nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules/.bin');
const stamp = join(root, 'node_modules/.fingerpost-installed');

/** Node 26 as installed by npm: the machine's own may be older. */
export const node = join(bin, process.platform === 'win32' ? 'node.exe' : 'node');

/** The environment in which `node` means Node 26 and package commands are found. */
export const environment = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, NX_DAEMON: 'false' };

export function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing packages (about a minute, once) ...');
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  // `npm ci` refuses a lock file that another platform wrote; `npm install` completes it.
  if (!run('npm', ['ci', ...quiet]) && !run('npm', ['install', ...quiet]))
    fail('The packages could not be installed: see npm’s words above.');
  writeFileSync(stamp, wanted);
}

export function build() {
  const { status, stdout, stderr } = spawnSync(
    node,
    [join(root, 'node_modules/nx/dist/bin/nx.js'), 'run-many', '-t', 'build', '--outputStyle=static'],
    {
      cwd: root,
      env: environment,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (status !== 0) fail(`${stdout}${stderr}\nThe build failed.`);
}

function run(command, args) {
  return (
    spawnSync(command, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    }).status === 0
  );
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
