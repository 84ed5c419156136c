// Docker's client. BuildKit is needed for builds: a client without its plug-in cannot do them, an older one beside it often can.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const client = [process.env.DOCKER, 'docker', '/usr/bin/docker'].find(
  (name) =>
    name &&
    spawnSync(name, ['build', '--help'], { env: withBuildKit(), encoding: 'utf8' }).stdout?.includes('--secret'),
);

export function docker(args, options = {}) {
  if (client === undefined)
    throw new Error(
      'No docker client with BuildKit is here: install one, or name it in the environment variable DOCKER.',
    );
  return execFileSync(client, args, {
    env: withBuildKit(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });
}

/** `options`: { file, target, tags, args, secrets: { id: file } } */
export function buildImage(context, { file, target, tag, args = {} }) {
  docker(
    [
      ...['build', '--file', file, '--target', target, '--tag', tag],
      ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      ...secrets(),
      context,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
}

/** Only those builds see them that ask: certificates to trust beside the public ones, and where packages are to be had. */
function secrets() {
  const { NODE_EXTRA_CA_CERTS: ca, NPM_CONFIG_USERCONFIG: npmrc, PIP_CONFIG_FILE: pipconf } = process.env;
  return Object.entries({ ca, npmrc, pipconf })
    .filter(([, file]) => file && existsSync(file))
    .flatMap(([id, file]) => ['--secret', `id=${id},src=${file}`]);
}

function withBuildKit() {
  return { ...process.env, DOCKER_BUILDKIT: '1' };
}
