import { readFile, realpath } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, extname, relative } from 'node:path';
import type { Loader, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import { isInside } from '../source/inside.ts';

const OUR_OWN_QUESTION = Symbol('asked by this plugin');

/**
 * Not `file`: there esbuild would ask the package.json of whatever project the folder lies in what kind of module a `.js` is. Here the
 * file itself says it, by `module.exports` or `export`.
 */
export const NAMESPACE = 'integration';
/** What stands for the path of the file that is built. */
export const ENTRY = 'entry';

const LOADERS: Record<string, Loader> = { '.js': 'js', '.cjs': 'js', '.mjs': 'js', '.ts': 'ts', '.json': 'json' };

/** An integration may require files of its own source by relative path, and nothing else. Links count as where they lead. */
export function onlyOwnFiles(root: string, entry: string): Plugin {
  return {
    name: 'only-own-files',
    setup(build) {
      build.onResolve({ filter: /.*/ }, async (args): Promise<OnResolveResult | undefined> => {
        if (args.pluginData === OUR_OWN_QUESTION) return undefined;
        if (args.kind === 'entry-point') return { path: entry, namespace: NAMESPACE };
        if (!/^\.\.?(\/|$)/.test(args.path)) return { errors: [{ text: notRelative(args) }] };

        const { importer, resolveDir, kind } = args;
        const found = await build.resolve(args.path, { importer, resolveDir, kind, pluginData: OUR_OWN_QUESTION });
        if (found.errors.length > 0) return { errors: [{ text: `"${args.path}" is not there` }] };
        if (found.namespace !== 'file' || found.external) return { errors: [{ text: `"${args.path}" is no file` }] };
        const real = await realpath(found.path);
        if (!isInside(root, real))
          return {
            errors: [
              { text: `"${args.path}" leads out of the integrations folder; only files inside it can be included` },
            ],
          };
        if (
          relative(root, real)
            .split(/[\\/]/)
            .some((part) => part.startsWith('.'))
        )
          return { errors: [{ text: `"${args.path}" is a hidden file; those are not included` }] };
        if (LOADERS[extname(real)] === undefined)
          return {
            errors: [{ text: `"${args.path}" is neither JavaScript, TypeScript nor JSON; put data into a data file` }],
          };
        return { path: real, namespace: NAMESPACE };
      });

      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path }) => ({
        contents: await readFile(path),
        loader: LOADERS[extname(path)],
        resolveDir: dirname(path),
      }));
    },
  };
}

function notRelative({ path }: OnResolveArgs): string {
  if (path.startsWith('/') || path.startsWith('file:')) return `"${path}" is an absolute path; write a relative one`;
  const what = isBuiltin(path) ? 'a part of Node.js' : 'a package';
  return `cannot import "${path}": it is ${what}, and packages cannot be imported yet; use fetch, or a relative file`;
}
