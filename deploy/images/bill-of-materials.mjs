// A software bill of materials (CycloneDX 1.6) of what is really in an image: npm packages as they lie there, Debian packages, Node. npm's own
// `npm sbom` knows the lock file alone.
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export function billOfMaterials(service, app, systems) {
  const { version } = JSON.parse(readFileSync(join(app, 'services', service, 'package.json'), 'utf8'));
  const components = [...systems.flatMap(debianPackages), ...npmPackages(app), node()];
  const byReference = new Map(components.map((component) => [component['bom-ref'], component]));
  return `${JSON.stringify(
    {
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      version: 1,
      metadata: { component: { type: 'application', name: `fingerpost-${service}`, version } },
      components: [...byReference.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1)),
    },
    null,
    1,
  )}\n`;
}

function npmPackages(app) {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  return globSync(['**/node_modules/*/package.json', '**/node_modules/@*/*/package.json'], { cwd: app }).map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(app, path), 'utf8'));
    const { integrity } = lock[path.replace(/\/package\.json$/, '')] ?? {};
    return {
      ...component('library', name, version, `pkg:npm/${name.replace('@', '%40')}@${version}`),
      ...(typeof license === 'string' && { licenses: [{ expression: license }] }),
      ...(integrity && { hashes: [hash(integrity)] }),
    };
  });
}

function debianPackages(folder) {
  return readdirSync(folder).map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const field = (name) => new RegExp(`^${name}: (.+)$`, 'm').exec(text)[1];
    const version = field('Version');
    const purl = `pkg:deb/debian/${encodeURIComponent(basename(file))}@${encodeURIComponent(version)}?arch=${field('Architecture')}`;
    return component('library', file, version, purl);
  });
}

function node() {
  const version = process.versions.node;
  return component('platform', 'node', version, `pkg:generic/node@${version}`);
}

function component(type, name, version, purl) {
  return { type, 'bom-ref': purl, name, version, purl };
}

/** npm's `sha512-<base64>` as CycloneDX writes it. */
function hash(integrity) {
  const [algorithm, base64] = integrity.split(/-(.*)/);
  return {
    alg: algorithm.toUpperCase().replace('SHA', 'SHA-'),
    content: Buffer.from(base64, 'base64').toString('hex'),
  };
}
