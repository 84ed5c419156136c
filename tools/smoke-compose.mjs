// `npm run smoke:compose`: images from Debian's packages, docker-compose up, one answer, down; for CI. Says so where Docker cannot run.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, environment, install, node, root } from './ready.mjs';

const DAEMON_PATIENCE_MS = 20_000;
const BASES = 'deploy/images/airgap/build.mjs';
const DEBIAN = 'fingerpost/debian:13'; // as the first step has made it
const startedAt = performance.now();

const missing = ['docker', 'docker-compose', 'mmdebstrap'].filter((name) => !answers(name, '--version'));
if (missing.length > 0) notTried(`${missing.join(', ')} is not here; Debian has it in a package of about that name`);
const daemon = answers('docker', 'info') ? undefined : await startDaemon();

install();
await build();
const hasDebian = await step('Debian', [BASES, 'debian']);
if (hasDebian) tryContainer();
const isGood =
  hasDebian &&
  (await step('what builds the product', [BASES, 'builder'], { DEBIAN })) &&
  (await together(
    step('the engines’ images', [BASES, 'redis', 'nats', 'nginx', 'postgres', 'openbao'], { DEBIAN }),
    step('the product’s images', ['deploy/images/build.mjs']),
  )) &&
  (await step('up, one answer, down', ['deploy/compose/dist/testing/smoke.js']));
daemon?.kill();
if (!isGood) process.exit(1);
say('the compose smoke run', startedAt);

async function step(what, command, settings = {}) {
  const since = performance.now();
  const child = spawn(node, command, { cwd: root, env: { ...environment, ...settings }, stdio: 'inherit' });
  const [status] = await once(child, 'close');
  say(status === 0 ? what : `FAILED: ${what}`, since);
  return status === 0;
}

async function together(...steps) {
  return (await Promise.all(steps)).every(Boolean);
}

/** One of our own, for this run. */
async function startDaemon() {
  const log = join(mkdtempSync(join(tmpdir(), 'fingerpost-dockerd-')), 'log');
  const file = openSync(log, 'w');
  const child = spawn('dockerd', { stdio: ['ignore', file, file] }).on('error', () => {});
  for (const end = performance.now() + DAEMON_PATIENCE_MS; performance.now() < end; await sleep(500)) {
    if (answers('docker', 'info')) return child;
    if (child.exitCode !== null || child.pid === undefined) break;
  }
  child.kill();
  notTried(`no daemon answers, and none can be started:\n  ${lastWords(log)}`);
}

/** A daemon that answers may be kept from its work, in a container of somebody else's. */
function tryContainer() {
  const name = `fingerpost-smoke-${process.pid}`;
  const tried = [
    ['network', 'create', '--internal', name],
    ['run', '--rm', '--network', name, '--read-only', DEBIAN, 'true'],
    ['network', 'rm', name],
  ].map((command) => spawnSync('docker', command, { encoding: 'utf8' }));
  const failed = tried.find(({ status }) => status !== 0);
  if (failed === undefined) return;
  daemon?.kill();
  notTried(`it runs no container:\n  ${failed.stderr.trim()}`);
}

function lastWords(log) {
  return readFileSync(log, 'utf8').trim().split('\n').slice(-3).join('\n  ') || 'dockerd is not here';
}

function answers(command, ...args) {
  return spawnSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }).status === 0;
}

function notTried(why) {
  console.log(`NOT TRIED: docker-compose.yml. Docker cannot run here: ${why}.`);
  process.exit(0);
}

function say(what, since) {
  console.log(`${what}: ${Math.round((performance.now() - since) / 1_000)} s`);
}
