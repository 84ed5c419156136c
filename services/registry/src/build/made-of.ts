import { createHash, hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isInside } from '../source/inside.ts';
import { PACKAGES } from './bundle/curated-packages.ts';
import { PACKAGE_FILES } from './package-files.ts';

const MOST_BYTES = 2_000_000;
const BUILD = join(import.meta.dirname, '../../dist/build');

/**
 * One hash of all that decides what becomes of a file: the files that went in, the packages that were installed, the sites that metadata
 * may name, and the program that builds. Nothing where one of them cannot be read: then it is made again.
 */
export async function madeOf(
  root: string,
  includes: readonly string[],
  sites: readonly string[],
): Promise<string | undefined> {
  const names = includes.flatMap((name) => (name === PACKAGES ? PACKAGE_FILES : [name]));
  const sum = createHash('sha256').update(JSON.stringify([program(), sites]));
  for (const name of names) {
    const digest = await digestOfFile(root, name);
    if (digest === undefined && !PACKAGE_FILES.includes(name)) return undefined;
    sum.update(JSON.stringify([name, digest]));
  }
  return sum.digest('hex');
}

async function digestOfFile(root: string, name: string): Promise<string | undefined> {
  try {
    const path = await realpath(join(root, name));
    const { size, isFile } = await stat(path).then((it) => ({ size: it.size, isFile: it.isFile() }));
    if (!isFile || !isInside(root, path) || (size > MOST_BYTES && !PACKAGE_FILES.includes(name))) return undefined;
    return hash('sha256', await readFile(path));
  } catch {
    return undefined;
  }
}

let known: string | undefined;

/** What builds: another release may make something else of the same files. */
function program(): string {
  known ??= hash(
    'sha256',
    JSON.stringify([esbuild(), ...readdirSync(BUILD, { recursive: true }).sort().flatMap(content)]),
  );
  return known;
}

const content = (name: string | Buffer) =>
  /\.js$/.test(String(name)) ? [String(name), readFileSync(join(BUILD, String(name)), 'utf8')] : [];

const esbuild = () =>
  (
    JSON.parse(readFileSync(createRequire(import.meta.url).resolve('esbuild/package.json'), 'utf8')) as {
      version: string;
    }
  ).version;
