// `npm run images:base`: Debian, what builds the product, and what it stands on, from a Debian mirror and a Python package: no image registry.
// `-- nats redis` makes those alone. Says which packages are not those of packages.lock; --locked ends with 1 then, --update writes the file.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildImage, docker, hasImage } from '../docker.mjs';
import { importDebian } from './debian.mjs';
import { packagesOf } from './packages-of.mjs';

const here = import.meta.dirname;
const LOCK = join(here, 'packages.lock');
const EPOCH = 1_767_225_600; // nothing in an image is younger: 2026-01-01

/** Each image, and what its version is. */
const VERSIONS = {
  debian: (packages) => packages.get('base-files'),
  builder: (packages) => packages.get('nodejs'),
  redis: (packages) => packages.get('redis-server'),
  nats: (packages) => packages.get('nats-server'),
  nginx: (packages) => packages.get('nginx'),
  prometheus: (packages) => packages.get('prometheus'),
  postgres: (packages) => packages.get('postgresql-17'),
  openbao: () => /==(\S+)/.exec(readFileSync(join(here, 'openbao.txt'), 'utf8'))[1],
};

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const made = Object.entries(VERSIONS).filter(
  ([name]) => name === 'debian' || wanted.length === 0 || wanted.includes(name),
);

const used = new Map();
for (const [name, versionOf] of made) {
  const fresh = `fingerpost/${name}:fresh`;
  if (name === 'debian') takeDebian(fresh);
  else build(name, fresh);
  const packages = packagesOf(fresh);
  for (const [packageName, version] of packages) used.set(packageName, version);
  tag(name, fresh, versionOf(packages));
}
for (const [name] of made) docker(['rmi', `fingerpost/${name}:fresh`]);
compareWithLock();

/** The image that DEBIAN names, for machines that are no Debian and have an image registry; or else from the mirror. */
function takeDebian(image) {
  const { DEBIAN } = process.env;
  if (DEBIAN === undefined) return importDebian(image, EPOCH);
  if (!hasImage(DEBIAN)) docker(['pull', DEBIAN]);
  docker(['tag', DEBIAN, image]);
}

function build(target, image) {
  const args = { DEBIAN: 'fingerpost/debian:fresh', SOURCE_DATE_EPOCH: EPOCH };
  buildImage(join(here, '..'), { file: join(here, 'engines.Dockerfile'), target, tags: [image], args });
}

/** Debian's `5:8.0.2-3+deb13u3` is tagged 8.0.2 and 8. */
function tag(name, image, packageVersion) {
  const [, version, major] = /^(?:\d+:)?((\d+)[\d.]*)/.exec(packageVersion);
  for (const one of [version, major]) docker(['tag', image, `fingerpost/${name}:${one}`]);
  console.log(`fingerpost/${name}:${version}`);
}

function compareWithLock() {
  const now = [...used].map((pair) => pair.join(' ')).sort();
  if (process.argv.includes('--update') && wanted.length === 0) return writeFileSync(LOCK, `${now.join('\n')}\n`);
  const locked = new Set(readFileSync(LOCK, 'utf8').trim().split('\n'));
  const others = now.filter((line) => !locked.has(line));
  if (others.length === 0) return;
  console.error(
    `Not as in packages.lock:\n  ${others.join('\n  ')}\nLook at them, then write them down with --update.`,
  );
  if (process.argv.includes('--locked')) process.exitCode = 1;
}
