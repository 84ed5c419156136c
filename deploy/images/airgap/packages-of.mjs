// The Debian packages in an image: dpkg's own list, or one file a package where there is no dpkg.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker } from '../docker.mjs';

/** @returns name to version */
export function packagesOf(image) {
  const folder = mkdtempSync(join(tmpdir(), 'fingerpost-packages-'));
  const container = docker(['create', image, 'never-run']).trim();
  try {
    docker(['cp', `${container}:/var/lib/dpkg`, folder]);
    return new Map(textsIn(join(folder, 'dpkg')).map((text) => [field(text, 'Package'), field(text, 'Version')]));
  } finally {
    docker(['rm', '--volumes', container]);
    rmSync(folder, { recursive: true });
  }
}

function textsIn(dpkg) {
  const each = join(dpkg, 'status.d');
  const files = existsSync(each) ? readdirSync(each).map((name) => join(each, name)) : [join(dpkg, 'status')];
  const texts = files.flatMap((file) => readFileSync(file, 'utf8').split('\n\n'));
  return texts.filter((text) => text.startsWith('Package: '));
}

function field(text, name) {
  return new RegExp(`^${name}: (.+)$`, 'm').exec(text)[1];
}
