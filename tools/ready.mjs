// Makes a fresh clone ready, on a machine that has only Node 20.11 or newer and npm. Plain JavaScript without dependencies: nothing is installed yet.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules/.bin');
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'];

/** Node 26 as installed by npm: the machine's own may be older. */
export const node = join(bin, process.platform === 'win32' ? 'node.exe' : 'node');

/** The environment in which `node` means Node 26 and package commands are found. */
export const environment = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, NX_DAEMON: 'false' };

/** The product's packages, and those that integrations may import. */
export function install() {
  installIn(root);
  installIn(join(root, 'integrations'));
}

function installIn(folder) {
  const stamp = join(folder, 'node_modules/.fingerpost-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error(`Installing packages${folder === root ? ' (about a minute, once)' : ' for integrations'} ...`);
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  // `npm ci` refuses a lock file that another platform wrote; `npm install` completes it.
  if (!run('npm', ['ci', ...quiet], folder) && !run('npm', ['install', ...quiet], folder))
    fail('The packages could not be installed: see npm’s words above.');
  writeFileSync(stamp, wanted);
}

/** Builds what changed, all of it or those packages and what they need. Told to end meanwhile, it takes the build along. */
export async function build(...packages) {
  console.error('Building what changed ...');
  const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
  const which = packages.length === 0 ? [] : ['-p', packages.join()];
  const child = spawn(node, [nx, 'run-many', '-t', 'build', '--outputStyle=static', ...which], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, to be ended with all that it starts
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes));
  const end = () => {
    process.kill(-child.pid, 'SIGKILL');
    process.exit(1);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  const [status] = await once(child, 'close');
  for (const signal of SIGNALS) process.off(signal, end);
  if (status !== 0) fail(`${said}\nThe build failed.`);
}

function run(command, args, folder) {
  return (
    spawnSync(command, args, {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    }).status === 0
  );
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
