/** What other places have and this one has not, and what to do instead. To packages that ask whether it is there, it is not. */
const INSTEAD: Readonly<Record<string, string>> = {
  XMLHttpRequest: 'use fetch',
  WebSocket: 'ask with fetch; nothing here stays connected',
  EventSource: 'ask with fetch; nothing here stays connected',
  document: 'an integration has no page; return insights',
  window: 'an integration has no page; for the global object write globalThis',
  navigator: 'an integration runs on no user’s machine',
  location: 'the page that is looked at is in `context`',
  DOMParser: 'read XML and HTML with a package that needs no browser',
  localStorage: 'use `cache` for what shall outlive the run',
  sessionStorage: 'use `cache` for what shall outlive the run',
  indexedDB: 'use `cache` for what shall outlive the run',
  caches: 'use `cache` for what shall outlive the run',
  FileReader: 'use text() or arrayBuffer() of the Blob',
  Worker: 'an integration has one thread',
  MessageChannel: 'an integration has one thread',
  BroadcastChannel: 'an integration has one thread',
  importScripts: 'import what is bundled with the file',
  WebAssembly: 'no machine code is made at run time; use a package in plain JavaScript',
  SharedArrayBuffer: 'an integration has one thread; use an ArrayBuffer',
  Atomics: 'an integration has one thread; use an ArrayBuffer',
  __dirname: 'an integration has no files; put data into a data file',
  __filename: 'an integration has no files; put data into a data file',
  Deno: 'the sandbox has the web’s APIs and Node’s harmless modules',
  Bun: 'the sandbox has the web’s APIs and Node’s harmless modules',
};

/** A sentence for whoever used what is not there; nothing for other errors. */
export function whatInstead(name: unknown, message: unknown): string {
  // what the parser of addresses says of `/path`
  if (name === 'TypeError' && message === 'Invalid scheme')
    return ': an address begins with https:// and a host, or has a base as second argument.';
  const missing = /^(\w+) is not defined$/.exec(String(message))?.[1] ?? '';
  if (name !== 'ReferenceError' || !Object.hasOwn(INSTEAD, missing)) return '';
  return `. ${missing} is not there in the sandbox: ${INSTEAD[missing]}.`;
}
