import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');
const { version: released } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
export const version = process.env.FINGERPOST_VERSION ?? released;

export const docker = (...args: string[]): string =>
  execFileSync('docker', args, { encoding: 'utf8', maxBuffer: 1e9, stdio: ['ignore', 'pipe', 'pipe'] }).trim();

interface Component {
  name: string;
  version: string;
  purl: string;
}

/** What can be said of an image without starting it. */
export interface Image {
  megabytes: number;
  user: string;
  labels: Record<string, string>;
  files: { mode: string; owner: string; path: string }[];
  components: Component[];
}

export function lookAt(image: string): Image {
  const [{ Size, Config }] = JSON.parse(docker('image', 'inspect', image));
  return {
    megabytes: Size / 1e6,
    user: Config.User,
    labels: Config.Labels,
    files: filesOf(image),
    components: JSON.parse(from(image, (it) => `docker cp ${it}:/usr/share/fingerpost/sbom.cdx.json - | tar xO`))
      .components,
  };
}

export const filesOf = (image: string): Image['files'] =>
  from(image, (it) => `docker export ${it} | tar tv --numeric-owner`)
    .split('\n')
    .map((line) => {
      const [mode = '', owner = '', , , , path = ''] = line.split(/\s+/);
      return { mode, owner, path };
    });

/** What a shell of this machine says to a command about a container of the image that never runs. */
function from(image: string, command: (container: string) => string): string {
  const container = docker('create', image, 'never-run');
  try {
    return execFileSync('sh', ['-c', command(container)], { encoding: 'utf8', maxBuffer: 1e9 }).trim();
  } finally {
    docker('rm', '--volumes', container);
  }
}

interface Locked {
  link?: boolean;
  resolved?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** Names of all packages that a service's package.json leads to, by the lock file. */
export function packagesBehind(service: string): Set<string> {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages as Record<string, Locked>;
  const found = new Map<string, string>();
  const follow = (path: string) => {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta: peers } = lock[path]!;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      if (peers?.[name]?.optional) continue;
      const at = resolve(lock, path, name);
      if (at === undefined || found.has(at)) continue;
      found.set(at, name);
      follow(at);
    }
  };
  follow(`services/${service}`);
  return new Set(found.values());
}

// As Node looks for it: from folder to folder upwards.
function resolve(lock: Record<string, Locked>, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const entry = lock[join(folder, 'node_modules', name)];
    if (entry !== undefined) return entry.link ? entry.resolved : join(folder, 'node_modules', name);
    if (folder === '') return undefined;
  }
}
