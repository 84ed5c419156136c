import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { Fault } from '@fingerpost/contracts';
import { type BuildFailure, build, type Message } from 'esbuild';
import { ENTRY, NAMESPACE, onlyOwnFiles } from './only-own-files.ts';

export const MOST_BUNDLE_BYTES = 2_000_000;

export interface Bundle {
  /** sha256 of the code, hex */
  digest: string;
  code: Uint8Array;
  /** every file that went in, relative to the root */
  includes: string[];
}

/**
 * One file and the files that it requires, as one script that leaves its exports in `__integration`. Parses code, runs none.
 * Both paths are real ones.
 * @throws Fault `build.failed`, with the place in its detail
 */
export async function bundle(root: string, path: string): Promise<Bundle> {
  const result = await build({
    // Not by its path: esbuild reads the whole folder of an entry point, and of its working folder, for every build.
    entryPoints: [ENTRY],
    absWorkingDir: import.meta.dirname,
    bundle: true,
    format: 'iife',
    globalName: '__integration',
    platform: 'browser',
    target: 'esnext',
    charset: 'utf8',
    write: false,
    metafile: true,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    // Otherwise a tsconfig.json that lies about would make sloppy files strict, and break them.
    tsconfigRaw: { compilerOptions: { strict: false, alwaysStrict: false } },
    plugins: [onlyOwnFiles(root, path)],
  }).catch((error: BuildFailure) => {
    throw toFault(error, root);
  });
  // A copy: esbuild's is a part of a larger buffer, which would stay as long.
  const code = result.outputFiles[0]!.contents.slice();
  if (code.byteLength > MOST_BUNDLE_BYTES)
    throw new Fault(
      'build.failed',
      `becomes ${code.byteLength} bytes of code, ${MOST_BUNDLE_BYTES} at most; move bulk into a data file`,
    );
  return {
    digest: digestOf(code),
    code,
    includes: Object.keys(result.metafile.inputs).map((input) => withinRoot(root, input)),
  };
}

export const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

// `integration:/srv/integrations/a.js` -> `a.js`
const withinRoot = (root: string, input: string) => relative(root, input.slice(NAMESPACE.length + 1));

function toFault(error: BuildFailure, root: string): Fault {
  const [first, ...others] = error.errors ?? [];
  if (first === undefined) return new Fault('build.failed', 'could not be built', { cause: error });
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new Fault('build.failed', first.text + more, { cause: error, detail: placeOf(first, root) });
}

// esbuild counts columns from 0, in bytes.
function placeOf({ location }: Message, root: string): Record<string, unknown> | undefined {
  if (location === null) return undefined;
  const before = Buffer.from(location.lineText).subarray(0, location.column).toString();
  return { file: withinRoot(root, location.file), line: location.line, column: before.length + 1 };
}
