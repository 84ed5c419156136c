// A software bill of materials (CycloneDX 1.6) of what is really in an image: npm packages as they lie there or are bundled, Debian packages,
// Node. npm's own `npm sbom` knows the lock file alone.
import { execFileSync } from 'node:child_process';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;

/** `bundled`: the workspace whose packages a bundler has melted into the image. */
export function billOfMaterials({ workspace, app, systems, bundled }) {
  const { version } = readPackage(join(app, workspace));
  const folders = globSync('**/node_modules/{*,@*/*}/package.json', { cwd: app }).map((path) => join(app, path, '..'));
  const components = [
    ...[...folders, ...(bundled ? packagesOf(bundled) : [])].map((folder) => npmPackage(folder, app)),
    ...systems.flatMap(debianPackages),
    component('platform', 'node', process.versions.node, `pkg:generic/node@${process.versions.node}`),
  ];
  const byReference = new Map(components.map((one) => [one['bom-ref'], one]));
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name: `fingerpost-${basename(workspace)}`, version } },
    components: [...byReference.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1)),
  };
  return `${JSON.stringify(bill, null, 1)}\n`;
}

/** Folders, as npm finds them where the product was built. */
function packagesOf(workspace) {
  const options = ['--workspace', workspace, '--omit=dev', '--all', '--parseable'];
  const [, ...folders] = execFileSync('npm', ['ls', ...options], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return folders.filter((folder) => !lock[relative('.', folder)]?.dev);
}

function npmPackage(folder, app) {
  const { name, version, license } = readPackage(folder);
  const { integrity } = lock[relative(folder.startsWith(app) ? app : '.', folder)] ?? {};
  return {
    ...component('library', name, version, `pkg:npm/${name.replace('@', '%40')}@${version}`),
    ...(typeof license === 'string' && { licenses: [licence(license)] }),
    ...(integrity && { hashes: [hash(integrity)] }),
  };
}

function debianPackages(folder) {
  return readdirSync(folder).map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const [version, architecture] = ['Version', 'Architecture'].map(
      (field) => new RegExp(`^${field}: (.+)$`, 'm').exec(text)[1],
    );
    const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`;
    return component('library', name, version, purl);
  });
}

function component(type, name, version, purl) {
  return { type, 'bom-ref': purl, name, version, purl };
}

function readPackage(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** npm's field holds an SPDX expression, or a sentence. */
function licence(text) {
  return /^(SEE|UNLICENSED)/.test(text) ? { license: { name: text } } : { expression: text };
}

/** npm's `sha512-<base64>` as CycloneDX writes it. */
function hash(integrity) {
  const [algorithm, base64] = integrity.split(/-(.*)/);
  const content = Buffer.from(base64, 'base64').toString('hex');
  return { alg: algorithm.toUpperCase().replace('SHA', 'SHA-'), content };
}
