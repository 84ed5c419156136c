import { existsSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import type { Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { isInside } from '../../source/inside.ts';
import { curatedPackages, packageOf, whyNotImportable } from './curated-packages.ts';
import { GLOBALS, missingModule, nodeModule, standIn } from './node-modules.ts';
import { isSpelledOut, replacementFor } from './sdk/replacements.ts';

const MOST_FILE_BYTES = 2_000_000;
const OUR_OWN_QUESTION = Symbol('asked by this plugin');

/**
 * Not `file`: there esbuild would ask the package.json of whatever project the folder lies in what kind of module a `.js` is. Here the
 * file itself says it, by `module.exports` or `export`.
 */
export const NAMESPACE = 'integration';
/** What stands for the path of the file that is built. */
export const ENTRY = 'entry of the integration';
const MISSING = 'missing';
const OFF = 'switched off';
const LOADERS: Record<string, Loader> = { '.js': 'js', '.cjs': 'js', '.mjs': 'js', '.ts': 'ts', '.json': 'json' };

/**
 * An integration may include files of its own source by relative path, and the packages that the platform team chose; a package what it
 * was installed with. Links count as where they lead.
 */
export function allowedFiles(root: string, entry: string, ownOnly = false): Plugin {
  const packagesFolder = join(root, 'node_modules');
  const resolved = new Set<string>();
  return {
    name: 'allowed-files',
    setup(build) {
      const resolve = (args: OnResolveArgs): OnResolveResult | Promise<OnResolveResult> => {
        if (args.path === ENTRY) return { path: relative(root, entry), namespace: NAMESPACE };
        if (args.path === GLOBALS) return { path: GLOBALS, namespace: 'file' };
        if (ownOnly && !isRelative(args.path)) return { path: args.path, external: true };
        if (args.namespace === NAMESPACE) return fromAuthor(build, args, root);
        if (isInside(packagesFolder, args.importer)) return fromPackage(build, args, packagesFolder);
        return fromOurs(build, args);
      };
      build.onResolve({ filter: /.*/ }, async (args) => {
        if (args.pluginData === OUR_OWN_QUESTION) return undefined;
        const result = await resolve(args);
        if (result.namespace === 'file') resolved.add(result.path!);
        return result;
      });

      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => loadOwn(root, path));
      build.onLoad({ filter: /.*/, namespace: OFF }, () => ({ contents: '' }));
      build.onLoad({ filter: /.*/, namespace: MISSING }, ({ path }) => loadMissing(path));
      // What a pattern (`require('../' + name + '.json')`) gathers, esbuild takes wherever it lies, and asks nobody.
      build.onLoad({ filter: /.*/, namespace: 'file' }, ({ path }) =>
        resolved.has(path) ? undefined : refuse('require and import take no pattern; name each file literally'),
      );
    },
  };
}

/** A comment that names a source map is none: esbuild would read that, too, wherever it lies. */
const MAP_COMMENT = /(?<=\/[/*])[#@](?=\s*sourceMappingURL)/g;

async function loadOwn(root: string, path: string): Promise<OnLoadResult> {
  const file = join(root, path);
  const { size } = await stat(file);
  if (size > MOST_FILE_BYTES) return refuse(`"${path}" has ${size} bytes, ${MOST_FILE_BYTES} at most`);
  const text = await readFile(file, 'utf8');
  return { contents: text.replace(MAP_COMMENT, ' '), loader: LOADERS[extname(path)], resolveDir: dirname(file) };
}

async function fromAuthor(build: PluginBuild, args: OnResolveArgs, root: string): Promise<OnResolveResult> {
  const { path } = args;
  if (isRelative(path)) return ownFile(build, args, root);
  if (path.startsWith('/')) return refuse(`"${path}" is an absolute path; write a relative one`);
  if (nodeModule(path) !== undefined) return ofNode(args);
  if (/\/\.\.?(\/|$)/.test(path)) return refuse(`"${path}" climbs; name a file inside the package`);
  if (/^[a-z]+:/i.test(path)) return refuse(`"${path}" is an address; code comes from this folder and its packages`);

  const curated = await curatedPackages(root);
  const name = packageOf(path);
  if (!curated.includes(name)) return refuse(whyNotImportable(name, curated));
  const found = await ask(build, { ...args, resolveDir: root, importer: '' });
  if (found.errors.length > 0)
    return refuse(path === name ? whyNotImportable(name, curated) : `"${path}" is no part of the package "${name}"`);
  return inPackages(found, path, join(root, 'node_modules'));
}

async function ownFile(build: PluginBuild, args: OnResolveArgs, root: string): Promise<OnResolveResult> {
  const { path } = args;
  const found = await ask(build, args);
  if (found.errors.length > 0) return refuse(`"${path}" is not there`);
  if (found.namespace !== 'file' || found.external) return refuse(`"${path}" is no file`);
  const real = await realpath(found.path);
  if (!isInside(root, real))
    return refuse(`"${path}" leads out of the integrations folder; only files inside it can be included`);
  const parts = relative(root, real).split(/[\\/]/);
  if (parts.some((part) => part.startsWith('.'))) return refuse(`"${path}" is a hidden file; those are not included`);
  if (parts.includes('node_modules')) return refuse(`"${path}" belongs to a package; import it by the package’s name`);
  if (LOADERS[extname(real)] === undefined)
    return refuse(`"${path}" is neither JavaScript, TypeScript nor JSON; put data into a data file`);
  return { path: relative(root, real), namespace: NAMESPACE };
}

async function fromPackage(build: PluginBuild, args: OnResolveArgs, packagesFolder: string): Promise<OnResolveResult> {
  // First as the package says: its `browser` field may put something else there.
  const found = await ask(build, isSpelledOut(args.importer) ? { ...args, path: `${args.path}.js` } : args);
  if (found.errors.length === 0 && !found.external) return inPackages(found, args.path, packagesFolder);
  if (nodeModule(args.path) !== undefined) return ofNode(args);
  return refuse(`the package file ${args.importer} needs "${args.path}", which is not installed`);
}

async function inPackages(
  found: Awaited<ReturnType<PluginBuild['resolve']>>,
  path: string,
  packagesFolder: string,
): Promise<OnResolveResult> {
  if (isSwitchedOff(found)) return { path, namespace: OFF };
  const replacement = replacementFor(found.path);
  if (replacement !== undefined) return { path: replacement, namespace: 'file', sideEffects: false };
  const real = await realpath(found.path);
  if (!isInside(packagesFolder, real))
    return refuse(`"${path}" leads out of node_modules; install the package itself, not a link to it`);
  return { path: real, namespace: 'file', sideEffects: found.sideEffects };
}

/** What we bring along ourselves: stand-ins for Node's modules, and what they are made of. */
async function fromOurs(build: PluginBuild, args: OnResolveArgs): Promise<OnResolveResult> {
  const found = await ask(build, args);
  if (isSwitchedOff(found)) return { path: args.path, namespace: OFF };
  if (found.errors.length === 0 && !found.external) return { ...found, sideEffects: false };
  return nodeModule(args.path) === undefined ? found : ofNode(args);
}

function ofNode(args: OnResolveArgs): OnResolveResult {
  const name = nodeModule(args.path)!;
  const path = standIn(name);
  if (path !== undefined) return { path, namespace: 'file', sideEffects: false };
  return { path: `${args.kind === 'require-call' ? 'commonjs' : 'module'} ${name}`, namespace: MISSING };
}

async function loadMissing(path: string) {
  const [kind, name] = path.split(' ') as ['module' | 'commonjs', string];
  const names = kind === 'module' ? Object.keys(await import(`node:${name}`)) : [];
  return { contents: missingModule(name, kind, names), resolveDir: import.meta.dirname };
}

const ask = (build: PluginBuild, { path, importer, resolveDir, kind }: OnResolveArgs) =>
  build.resolve(path, { importer, resolveDir, kind, pluginData: OUR_OWN_QUESTION });

/** By a `browser` field: then esbuild names a file that may not be there. */
const isSwitchedOff = ({ errors, external, namespace, path }: Awaited<ReturnType<PluginBuild['resolve']>>) =>
  errors.length === 0 && !external && (namespace !== 'file' || !existsSync(path));

const isRelative = (path: string) => /^\.\.?(\/|$)/.test(path);

const refuse = (text: string): { errors: { text: string }[] } => ({ errors: [{ text }] });
