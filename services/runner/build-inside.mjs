// Makes dist/inside: all that a sandbox process can read. The program, the isolates' snapshots, and the isolated-vm addon.
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';

const source = join(import.meta.dirname, 'src/sandbox/inside');
const target = join(import.meta.dirname, 'dist/inside');
mkdirSync(target, { recursive: true });

const INSIDE = {
  platform: 'neutral',
  mainFields: ['module', 'main'],
  format: 'iife',
  banner: { js: '"use strict";' }, // or author's code that the guest calls could ask who its caller is, and get it
  minify: true,
};

const bundle = (entry, options) =>
  build({
    entryPoints: [join(source, entry)],
    bundle: true,
    write: false,
    target: 'es2024',
    conditions: ['fingerpost-source'],
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    ...options,
  }).then(({ outputFiles }) => outputFiles[0].text);

/** As in guest/late-web.ts. What is imported besides ends the build. */
const LENT = {
  bridge: 'ask, digestOutside, randomBytes',
  clock: 'now, timeOrigin',
  timers: 'clearTimeout, setTimeout',
};

const addon = findAddon();
copyFileSync(addon, join(target, 'isolated_vm.node'));
const { ivm } = load(addon);

// The isolate's own code, and the web's: two snapshots, one without the web's for integrations that name none of it.
const web = await bundleWeb();
const WEB_NAMES = JSON.stringify(namesAddedBy(web, await bundleGuest('[]')));
const guest = await bundleGuest(WEB_NAMES);
writeFileSync(join(target, 'web.js'), web);
writeFileSync(join(target, 'bare.snapshot'), snapshotOf(guest));
writeFileSync(join(target, 'web.snapshot'), snapshotOf(guest, installing(web)));

for (const [program, entry] of Object.entries({ 'host.mjs': 'host.main.ts', 'probe.mjs': 'probe.main.ts' }))
  writeFileSync(join(target, program), await bundle(entry, { platform: 'node', format: 'esm', define: { WEB_NAMES } }));

function bundleGuest(names) {
  return bundle('guest/main.ts', { ...INSIDE, define: { WEB_NAMES: names } });
}

/**
 * A function of what the guest lends: the modules in `guest/` exist once. Taken apart at once: esbuild would hand a whole module to
 * `Object.defineProperty`, which is perhaps an author's by then.
 */
async function bundleWeb() {
  const lent = {
    name: 'lent',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\.\/guest\// }, ({ path }) => ({ path: basename(path, '.ts'), namespace: 'lent' }));
      onLoad({ filter: /./, namespace: 'lent' }, ({ path }) => ({
        contents: `export const { ${LENT[path]} } = lent.${path}`,
      }));
    },
  };
  return `((lent) => {${await bundle('web/install.ts', { ...INSIDE, plugins: [lent] })}})\n//# sourceURL=fingerpost:web`;
}

function installing(web) {
  return `__web(${web}\n)`;
}

function namesAddedBy(web, guest) {
  const context = new ivm.Isolate().createContextSync();
  const names = () => JSON.parse(context.evalSync('JSON.stringify(Object.getOwnPropertyNames(globalThis))'));
  context.evalSync(guest);
  const before = names();
  context.evalSync(installing(web));
  return names().filter((name) => !before.includes(name));
}

function snapshotOf(...codes) {
  const scripts = codes.map((code) => ({ code, filename: 'fingerpost:guest' }));
  return Buffer.from(ivm.Isolate.createSnapshot(scripts).copy());
}

function load(addon) {
  const loaded = { exports: {} };
  process.dlopen(loaded, addon);
  return loaded.exports;
}

// Named by platform, ABI and C library, as the package's own loader does.
function findAddon() {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve('isolated-vm')),
    'prebuilds',
    `${process.platform}-${process.arch}`,
  );
  const libc =
    process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined
      ? 'musl'
      : 'glibc';
  const abi = `abi${process.versions.modules}`;
  const name = readdirSync(folder).find(
    (file) => file.includes(abi) && (process.platform !== 'linux' || file.includes(libc)),
  );
  if (name === undefined)
    throw new Error(
      `isolated-vm has no build for ${process.platform}-${process.arch} and Node ABI ${process.versions.modules}.`,
    );
  return join(folder, name);
}
