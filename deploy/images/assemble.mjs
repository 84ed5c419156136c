// assemble.mjs SERVICE SYSTEM...: all that one service's image holds besides the system, below /out. The Dockerfile runs it where the product was
// built. SERVICE: its folder in services/, or that of another workspace. SYSTEM: folders with a description of each Debian package that the image has.
import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, globSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { billOfMaterials } from './bill-of-materials.mjs';
import { packagesBehind } from './packages-behind.mjs';

const USER = 65_532; // as in unpack.sh
const [service, ...systems] = process.argv.slice(2);
const workspace = service.includes('/') ? service : `services/${service}`;
const parts = ['packages/contracts', 'packages/platform', workspace];
const app = '/out/app';

// What this service's package.json leads to, as the lock file has it and npm has laid it out; what is for other machines alone is not there.
for (const path of packagesBehind(workspace)) if (!parts.includes(path) && existsSync(path)) copyPackage(path);
copy(['package.json', ...parts.map((part) => `${part}/package.json`)]);
mkdirSync(join(app, 'node_modules/@fingerpost'));
for (const part of parts) symlinkSync(`../../${part}`, join(app, 'node_modules/@fingerpost', basename(part)));

// For people, compilers, and other machines.
remove(...find('node_modules/**/*.{map,d.ts,d.mts,d.cts,md}'), ...find('node_modules/isolated-vm/*.tgz'));
remove(...find('node_modules/**/prebuilds/*').filter((path) => !path.endsWith(`${process.platform}-${process.arch}`)));

copy([...parts.map((part) => `${part}/dist`), ...globSync(`${workspace}/migrations`)]);
remove(
  ...find('{packages,services,deploy}/*/dist/**/*.{map,d.ts}'),
  ...find('{packages,services}/*/dist/**/{fuzz,testing}'),
);
const bundled = service === 'gateway' ? 'console' : undefined; // the web pages
if (bundled) copy([`${bundled}/dist`]);
copy(['deploy/images/health.mjs'], () => 'health.mjs');

mkdirSync('/out/usr/share/fingerpost', { recursive: true });
writeFileSync('/out/usr/share/fingerpost/sbom.cdx.json', billOfMaterials({ workspace, app, systems, bundled }));

// Packages come with the owners and rights that their authors had.
execFileSync('chown', ['--recursive', '--no-dereference', '0:0', '/out']);
execFileSync('chmod', ['--recursive', 'u=rwX,go=rX', '/out']);
// A volume takes its owner from the folder that it covers.
mkdirSync('/out/data', { mode: 0o700 });
chownSync('/out/data', USER, USER);

const epoch = `@${process.env.SOURCE_DATE_EPOCH}`;
execFileSync('find', [...['/out', '-newermt', epoch, '-exec', 'touch', '-h', `--date=${epoch}`], '{}', '+']);

function find(pattern) {
  return globSync(pattern, { cwd: app });
}

// Packages inside packages are others, needed or not.
function copyPackage(path) {
  const isOwn = (file) => !relative(path, file).split('/').includes('node_modules');
  cpSync(path, join(app, path), { recursive: true, filter: isOwn });
}

function copy(paths, nameOf = (path) => path) {
  for (const path of paths) cpSync(path, join(app, nameOf(path)), { recursive: true });
}

function remove(...paths) {
  for (const path of paths) rmSync(join(app, path), { recursive: true, force: true });
}
