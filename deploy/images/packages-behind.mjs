// What a package.json leads to by the lock file, and cannot do without.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;

/** @returns paths, such as node_modules/a/node_modules/b */
export function packagesBehind(workspace) {
  const found = new Set();
  const follow = (path) => {
    for (const name of namesIn(lock[path])) {
      const at = find(path, name);
      if (at === undefined || found.has(at)) continue;
      found.add(at);
      follow(at);
    }
  };
  follow(workspace);
  return found;
}

function namesIn({ dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta = {} }) {
  const needed = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...needed];
}

// As Node looks for it: from folder to folder upwards.
function find(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const path = join(folder, 'node_modules', name);
    if (lock[path] !== undefined) return lock[path].link ? lock[path].resolved : path;
    if (folder === '') return undefined;
  }
}
