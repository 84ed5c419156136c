// assemble.mjs SERVICE SYSTEM...: all that one service's image holds besides the system, below /out. The Dockerfile runs it where the product was
// built. SYSTEM: folders with a description of each Debian package that the image has.
import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { billOfMaterials } from './bill-of-materials.mjs';

const USER = 65_532; // as in unpack.sh
const [service, ...systems] = process.argv.slice(2);
const parts = ['packages/contracts', 'packages/platform', `services/${service}`];
const app = '/out/app';

// What this service's package.json leads to, as the lock file has it.
copy(globSync(['package*.json', '*/package.json', '{packages,services}/*/package.json']));
const only = ['--omit=dev', '--ignore-scripts', `--workspace=services/${service}`];
execFileSync('npm', ['ci', '--no-audit', '--no-fund', ...only], { cwd: app, stdio: 'inherit' });
remove(['package-lock.json', '{bench,console,e2e}', '{packages,services}/*'].flatMap(find).filter(isForeign));

// For people, compilers, and other machines.
remove(find('node_modules/**/*.{map,d.ts,d.mts,d.cts,md,tgz}'));
remove(find('node_modules/**/prebuilds/*').filter((path) => !path.endsWith(`${process.platform}-${process.arch}`)));

copy(parts.map((part) => `${part}/dist`));
remove(find('{packages,services}/*/dist/**/*.{map,d.ts}'), find('{packages,services}/*/dist/**/{fuzz,testing}'));
if (service === 'gateway') copy(['console/dist']);
cpSync('deploy/images/health.mjs', join(app, 'health.mjs'));

mkdirSync('/out/usr/share/fingerpost', { recursive: true });
writeFileSync('/out/usr/share/fingerpost/sbom.cdx.json', billOfMaterials(service, app, systems));

// A volume has the owner of the folder that it covers.
mkdirSync('/out/data');
chownSync('/out/data', USER, USER);

function find(pattern) {
  return globSync(pattern, { cwd: app });
}

function isForeign(path) {
  return !parts.includes(path);
}

function copy(paths) {
  for (const path of paths) cpSync(path, join(app, path), { recursive: true });
}

function remove(...paths) {
  for (const path of paths.flat()) rmSync(join(app, path), { recursive: true, force: true });
}
