import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ELSEWHERE } from './folders.mjs';

/** The `.any.js` tests at or below a path, one for each of their variants. */
export function findTests(root, folder) {
  const files = statSync(join(root, folder)).isFile()
    ? [folder]
    : readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name));
  return files
    .filter((path) => path.endsWith('.any.js'))
    .sort()
    .flatMap((path) => readTest(root, path));
}

function readTest(root, path) {
  const text = readFileSync(join(root, path), 'utf8');
  const meta = [...text.matchAll(/^\/\/ META: *(\w+)=(.*?)\s*$/gm)];
  const said = (name) => meta.filter(([, key]) => key === name).map(([, , value]) => value);
  const scopes = said('global').flatMap((value) => value.split(','));
  const variants = said('variant');
  return (variants.length === 0 ? [''] : variants).map((variant) => ({
    path,
    variant,
    text,
    scripts: said('script').map((name) => (name.startsWith('/') ? name.slice(1) : join(dirname(path), name))),
    isElsewhere:
      ELSEWHERE.test(path) ||
      (scopes.length > 0 && scopes.every((scope) => /window|sharedworker|serviceworker/.test(scope))),
  }));
}
