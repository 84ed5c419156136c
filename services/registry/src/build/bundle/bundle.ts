import { basename, relative, resolve } from 'node:path';
import { Fault } from '@fingerpost/contracts';
import { type BuildFailure, type BuildOptions, build, type Message, type OutputFile } from 'esbuild';
import { allowedFiles, ENTRY, NAMESPACE } from './allowed-files.ts';
import { PACKAGES, packageOf } from './curated-packages.ts';
import { GLOBALS } from './node-modules.ts';

export const MOST_BUNDLE_BYTES = 2_000_000;

/** What the build process makes of a file. */
export interface Bundle {
  code: string;
  /** JSON of the source map; its sources are relative to the root */
  sourceMap: string;
  /** every file of the author's that went in, relative to the root, and {@link PACKAGES} if any did */
  includes: string[];
  /** the author's own code alone, and the packages that it imports (Node's modules among them) */
  own: { code: string; packages: string[] };
}

const OPTIONS = {
  // Not by its path: esbuild reads the whole folder of an entry point, and of its working folder, for every build.
  entryPoints: [ENTRY],
  absWorkingDir: import.meta.dirname,
  bundle: true,
  platform: 'browser',
  mainFields: ['browser', 'module', 'main'],
  conditions: ['browser', 'import', 'module', 'default'],
  target: 'esnext',
  charset: 'utf8',
  write: false,
  format: 'iife',
  globalName: '__integration',
  outfile: 'bundle.js',
  sourcemap: 'external',
  sourcesContent: false,
  logLevel: 'silent',
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
  // Otherwise a tsconfig.json that lies about would make sloppy files strict, and break them.
  tsconfigRaw: { compilerOptions: { strict: false, alwaysStrict: false } },
} as const satisfies BuildOptions;

/**
 * One file and what it imports, as one script that leaves its exports in `__integration`. Parses code, runs none. Both paths are real
 * ones.
 * @throws Fault `build.failed`, with the place in its detail
 */
export async function bundle(root: string, path: string): Promise<Bundle> {
  try {
    return await make(root, path);
  } catch (error) {
    throw Array.isArray((error as BuildFailure).errors) ? toFault(error as BuildFailure, root) : error;
  }
}

async function make(root: string, path: string): Promise<Bundle> {
  const own = await script(root, path, OWN_ONLY);
  const isComplete = own.packages.length === 0 && !NEEDS_GLOBALS.test(own.code);
  const all = isComplete ? own : await script(root, path, WHOLE);
  if (Buffer.byteLength(all.code) > MOST_BUNDLE_BYTES) throw tooLarge(Buffer.byteLength(all.code));
  return { ...all, includes: [...own.includes, ...(isComplete ? [] : [PACKAGES])], own };
}

type Script = Pick<Bundle, 'code' | 'sourceMap' | 'includes'> & { packages: string[] };

const OWN_ONLY = { ownOnly: true, inject: [] };
/** Packages are large, and read by every isolate; names stay, some of them mean something. */
const WHOLE = { ownOnly: false, inject: [GLOBALS], minifyWhitespace: true, minifySyntax: true };
const NEEDS_GLOBALS = /\b(Buffer|process)\b/;

async function script(
  root: string,
  path: string,
  { ownOnly, ...options }: { ownOnly: boolean } & BuildOptions,
): Promise<Script> {
  const plugins = [allowedFiles(root, path, ownOnly)];
  const { outputFiles, metafile } = await build({ ...OPTIONS, ...options, metafile: true, plugins });
  const [map, code] = outputFiles as [OutputFile, OutputFile];
  const inputs = Object.entries(metafile.inputs);
  return {
    code: code.text,
    sourceMap: withNames(root, path, map.text),
    includes: inputs.map(([input]) => nameOf(root, input)).filter(isOwn),
    packages: [
      ...new Set(inputs.flatMap(([, { imports }]) => imports.filter(isExternal).map(({ path }) => packageOf(path)))),
    ],
  };
}

const isExternal = ({ external }: { external?: boolean }) => external === true;

/** `integration:a.js` -> `a.js`; a package's file -> `node_modules/...`; ours -> `fingerpost:...` */
function nameOf(root: string, input: string): string {
  if (input.startsWith(`${NAMESPACE}:`)) return input.slice(NAMESPACE.length + 1);
  const path = resolve(import.meta.dirname, input);
  const name = relative(root, path);
  return name.startsWith('..') ? `fingerpost:${basename(path)}` : name; // without dots: readers of maps resolve them
}

const isOwn = (name: string) => !name.startsWith('fingerpost:') && !name.startsWith(`${PACKAGES}/`);

/** `file` is the author's file that all of it was made from. */
function withNames(root: string, path: string, sourceMap: string): string {
  const map = JSON.parse(sourceMap) as { sources: string[] };
  return JSON.stringify({
    ...map,
    file: relative(root, path),
    sources: map.sources.map((source) => nameOf(root, source)),
  });
}

const tooLarge = (bytes: number) =>
  new Fault(
    'build.failed',
    `becomes ${bytes} bytes of code, ${MOST_BUNDLE_BYTES} at most; move bulk into a data file, or import less of a package`,
  );

function toFault(error: BuildFailure, root: string): Fault {
  const [first, ...others] = error.errors;
  if (first === undefined) return new Fault('build.failed', 'could not be built', { cause: error });
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new Fault('build.failed', inOurWords(first.text) + more, { cause: error, detail: placeOf(first, root) });
}

const inOurWords = (text: string) =>
  text.replace(
    /^No matching export in ".*\bnode\/([\w-]+)\.[jt]s" for import "(\w+)"$/,
    (_all, module: string, name: string) =>
      `"${name}" of Node’s module "${module.replace('-', '/')}" is not there in the sandbox`,
  );

// esbuild counts columns from 0, in bytes.
function placeOf({ location }: Message, root: string): Record<string, unknown> | undefined {
  if (location === null) return undefined;
  const before = Buffer.from(location.lineText).subarray(0, location.column).toString();
  return { file: nameOf(root, location.file), line: location.line, column: before.length + 1 };
}
