// Completes package-lock.json after dependencies changed: npm leaves out optional packages of other platforms, and `npm ci` then refuses
// the file elsewhere. Also leaves out where packages were downloaded from: that is each machine's own business.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './ready.mjs';

const file = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
let added = 0;

for (const [path, entry] of Object.entries(lock.packages)) {
  if (!entry.link) delete entry.resolved; // a workspace's link is its path
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const known = `${path}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages;
    if (known) continue;
    lock.packages[`node_modules/${name}`] = describe(name, version, entry.dev);
    added++;
  }
}

const inOrder = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: inOrder }, null, 2)}\n`);
console.log(`${added} packages of other platforms added.`);

// By name, as all of them are named: a mirror may have only this platform's packages to look at.
function describe(name, version, dev) {
  const words = name.split(/[-/]/);
  const one = (known) => words.filter((word) => known.includes(word));
  const cpu = one(['x64', 'arm64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64']);
  return {
    version,
    cpu: cpu.length > 0 ? cpu : ['arm'],
    ...(dev && { dev }),
    optional: true,
    os: one(['linux', 'darwin', 'win32', 'android', 'freebsd', 'openharmony']),
    ...(words.includes('musl') && { libc: ['musl'] }),
  };
}
