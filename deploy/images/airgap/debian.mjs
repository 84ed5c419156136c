// The one image that everything else is built on, from a Debian mirror: bit by bit the same for the same packages.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker } from '../docker.mjs';

const SUITE = 'trixie';
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*'];

export function importDebian(image, epoch) {
  const folder = mkdtempSync(join(tmpdir(), 'fingerpost-debian-'));
  try {
    const tar = join(folder, 'debian.tar');
    execFileSync('mmdebstrap', [...options(), SUITE, tar, ...sources()], {
      env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    docker(['import', '--change', 'CMD ["bash"]', tar, image]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function options() {
  const excluded = LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`);
  return ['--quiet', '--variant=minbase', ...excluded, '--dpkgopt=path-include=/usr/share/doc/*/copyright'];
}

/** DEBIAN_MIRROR and DEBIAN_SECURITY_MIRROR, or what this machine, if it is Debian, has its own packages from. */
function sources() {
  const main = process.env.DEBIAN_MIRROR ?? mirrorOf('');
  const security = process.env.DEBIAN_SECURITY_MIRROR ?? mirrorOf('-security');
  return [`deb ${main} ${SUITE} main`, `deb ${main} ${SUITE}-updates main`, `deb ${security} ${SUITE}-security main`];
}

function mirrorOf(suffix) {
  const codename = /^VERSION_CODENAME=(.+)$/m.exec(execFileSync('cat', ['/etc/os-release'], { encoding: 'utf8' }))?.[1];
  const filter = ['Created-By: Packages', `Codename: ${codename}${suffix}`];
  const targets = execFileSync('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...filter], { encoding: 'utf8' });
  const [mirror] = targets.split('\n');
  if (!mirror)
    throw new Error(
      'This machine does not say where its Debian packages come from: set DEBIAN_MIRROR and DEBIAN_SECURITY_MIRROR.',
    );
  return mirror;
}
