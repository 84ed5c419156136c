// Makes dist/inside: all that a sandbox process can read. The program, the isolates' snapshot, and the isolated-vm addon.
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

const source = join(import.meta.dirname, 'src/sandbox/inside');
const target = join(import.meta.dirname, 'dist/inside');
mkdirSync(target, { recursive: true });

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

const addon = findAddon();
copyFileSync(addon, join(target, 'isolated_vm.node'));
for (const [program, entry] of Object.entries({ 'host.mjs': 'host.main.ts', 'probe.mjs': 'probe.main.ts' }))
  writeFileSync(join(target, program), await bundle(entry, { platform: 'node', format: 'esm' }));
writeFileSync(
  join(target, 'guest.snapshot'),
  makeSnapshot(
    await bundle('guest/main.ts', {
      platform: 'neutral',
      mainFields: ['module', 'main'],
      format: 'iife',
      banner: { js: '"use strict";' }, // or author's code that the guest calls could ask who its caller is, and get it
      minify: true,
    }),
  ),
);

function makeSnapshot(guest) {
  const loaded = { exports: {} };
  process.dlopen(loaded, addon);
  const snapshot = loaded.exports.ivm.Isolate.createSnapshot([{ code: guest, filename: 'fingerpost:guest' }]);
  return Buffer.from(snapshot.copy());
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
