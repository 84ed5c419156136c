import { builtinModules, createRequire } from 'node:module';
import { extname, join } from 'node:path';

const require = createRequire(import.meta.url);
const own = (name: string) => join(import.meta.dirname, 'node', name + extname(import.meta.filename));

/** Free names in code, each taken from here where it is used. */
export const GLOBALS = own('globals');

/** Node's modules that need nothing but the language, from packages that are kept well, and a few of ours. */
const STAND_INS: Readonly<Record<string, () => string>> = {
  assert: () => require.resolve('assert/'),
  async_hooks: () => own('async-hooks'),
  buffer: () => own('buffer'),
  crypto: () => own('crypto'),
  events: () => require.resolve('events/'),
  http: () => own('http'),
  https: () => own('https'),
  os: () => own('os'),
  path: () => require.resolve('path-browserify'),
  'path/posix': () => require.resolve('path-browserify'),
  perf_hooks: () => own('perf-hooks'),
  process: () => own('process'),
  punycode: () => require.resolve('punycode/'),
  querystring: () => require.resolve('querystring-es3'),
  stream: () => require.resolve('readable-stream'),
  'stream/consumers': () => own('stream-consumers'),
  'stream/promises': () => require.resolve('readable-stream/lib/stream/promises.js'),
  'stream/web': () => own('stream-web'),
  string_decoder: () => require.resolve('string_decoder/'),
  timers: () => own('timers'),
  'timers/promises': () => own('timers-promises'),
  url: () => own('url'),
  util: () => own('util'),
  zlib: () => own('zlib'),
};

const INSTEAD: Readonly<Record<string, string>> = {
  fs: 'an integration has no files; put data into a data file',
  http2: 'use fetch',
  net: 'an integration has no sockets; use fetch',
  tls: 'an integration has no sockets; use fetch',
  dns: 'names are resolved outside; use fetch',
  child_process: 'an integration starts no programs',
  worker_threads: 'an integration has one thread',
  vm: 'code runs where it was bundled',
};

/** `fs` of `fs`, `node:fs` and `process/`; nothing for what is no module of Node's. */
export function nodeModule(path: string): string | undefined {
  const name = path.replace(/^node:/, '').replace(/\/$/, '');
  return builtinModules.includes(name) ? name : undefined;
}

/** File of what stands in for a module, or nothing: then it is missing. */
export const standIn = (name: string): string | undefined =>
  Object.hasOwn(STAND_INS, name) ? STAND_INS[name]!() : undefined;

/** A module that may be imported and says, when used, what is missing. `names`: what Node's own exports. */
export function missingModule(name: string, kind: 'module' | 'commonjs', names: readonly string[]): string {
  const instead = INSTEAD[name.split('/')[0]!] ?? 'only parts of Node.js that touch nothing outside are there';
  const make = (path: string) => `missing(${JSON.stringify(path)}, ${JSON.stringify(instead)})`;
  const from = `${JSON.stringify(own('missing'))}`;
  if (kind === 'commonjs') return `const { missing } = require(${from}); module.exports = ${make(name)};`;
  const named = names
    .filter((one) => one !== 'default' && /^[\w$]+$/.test(one))
    .map((one) => `const $${one} = ${make(`${name}.${one}`)}; export { $${one} as ${one} };`);
  return `import { missing } from ${from};\nexport default ${make(name)};\n${named.join('\n')}`;
}
