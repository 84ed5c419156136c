// `npm run images [-- gateway runner]`: the services' images, all of them or those named, as fingerpost/<service>:<version>; FINGERPOST_VERSION is another one, in the environment or, as docker-compose has it, in .env.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildImage, hasImage } from './docker.mjs';

const root = join(import.meta.dirname, '../..');
const { version: released } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const version = process.env.FINGERPOST_VERSION ?? versionInEnvFile() ?? released;
const wanted = process.argv.length > 2 ? process.argv.slice(2) : ['gateway', 'registry', 'runner', 'secrets'];

const args = {
  VERSION: version,
  REVISION: execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
  ...base('BUILDER', 'fingerpost/builder:20'),
  ...base('DEBIAN', 'fingerpost/debian:13'),
};
for (const target of wanted)
  buildImage(root, { file: join(root, 'Dockerfile'), target, tags: [`fingerpost/${target}:${version}`], args });
console.log(`Made: ${wanted.map((target) => `fingerpost/${target}:${version}`).join(', ')}`);

function versionInEnvFile() {
  const file = join(root, '.env');
  const [, named] = (existsSync(file) && /^FINGERPOST_VERSION=["']?([\w.-]+)/m.exec(readFileSync(file, 'utf8'))) || [];
  return named;
}

/** Named in the environment, or built here by `npm run images:base`, or the public one that the Dockerfile names. */
function base(name, local) {
  const image = process.env[name] ?? (hasImage(local) ? local : undefined);
  return image === undefined ? {} : { [name]: image };
}
