// Docker's client, with BuildKit: a client without the plug-in for it cannot do these builds, an older one beside it often can.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const environment = { ...process.env, DOCKER_BUILDKIT: '1' };

const client = [process.env.DOCKER, 'docker', '/usr/bin/docker'].find((name) => {
  if (!name) return false;
  const { stdout } = spawnSync(name, ['build', '--help'], { env: environment, encoding: 'utf8' });
  return stdout?.includes('--secret');
});

/** @returns what it says */
export function docker(args, stdio = ['ignore', 'pipe', 'inherit']) {
  if (client === undefined)
    throw new Error('There is no docker client with BuildKit here: install one, or name it in the variable DOCKER.');
  return execFileSync(client, args, { env: environment, encoding: 'utf8', stdio, maxBuffer: 1e9 });
}

export function hasImage(image) {
  return docker(['images', '--quiet', image]).trim() !== '';
}

export function buildImage(context, { file, target, tags, args }) {
  console.error(`Building ${tags[0]} ...`);
  const options = [
    ...['--quiet', '--file', file, '--target', target],
    ...tags.flatMap((tag) => ['--tag', tag]),
    ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...secrets(),
  ];
  docker(['build', ...options, context]);
}

// Only the steps that fetch packages see them: certificates to trust beside the public ones, and where packages are to be had.
function secrets() {
  const { NODE_EXTRA_CA_CERTS: ca, NPM_CONFIG_USERCONFIG: npmrc, PIP_CONFIG_FILE: pipconf } = process.env;
  return Object.entries({ ca, npmrc, pipconf })
    .filter(([, file]) => file && existsSync(file))
    .flatMap(([id, file]) => ['--secret', `id=${id},src=${file}`]);
}
