/** What tests what the sandbox offers. */
export const FOLDERS = [
  'url',
  'encoding',
  'compression',
  'dom/idlharness.any.js',
  'dom/abort',
  'dom/events',
  'fetch/api/idlharness.https.any.js',
  'fetch/api/headers',
  'fetch/api/request',
  'fetch/api/response',
  'fetch/api/body',
  'fetch/api/abort',
  'fetch/api/basic',
  'FileAPI/idlharness.any.js',
  'FileAPI/blob',
  'FileAPI/file',
  'xhr/formdata',
  'streams',
  'html/webappapis/atob',
  'html/webappapis/timers',
  'html/webappapis/structured-clone',
  'html/webappapis/microtask-queuing',
  'webidl/ecmascript-binding',
  'WebCryptoAPI/idlharness.https.any.js',
  'WebCryptoAPI/digest',
  'WebCryptoAPI/getRandomValues.any.js',
  'WebCryptoAPI/randomUUID.https.any.js',
  'hr-time',
  'console',
];

/** Files that ask for something else: another server, another kind of window, or how memory is given back. */
export const ELSEWHERE =
  /\.sub\.|\.h2\.|crashtests|no-cors|garbage-collection|shadowrealm|tentative|transferable|owning-type|webidl\/.*\/(global-|promise-)/;

/** What is deliberately not in the sandbox. A test that misses one of these says nothing. */
export const ABSENT =
  /\b(sabConstructor|SharedArrayBuffer|Atomics|WebAssembly|Worker|MessageChannel|MessagePort|document|window|XMLHttpRequest|FileReader(?:Sync)?|VideoFrame|ImageData|ImageBitmap|OffscreenCanvas|DOMRect\w*|DOMMatrix\w*|DOMPoint\w*|DOMQuad|ErrorEvent|MessageEvent|EventSource|WebSocket|caches|navigator|GPUDevice|RTCCertificate|importScripts|createImageBitmap|gc|TestUtils|WorkerGlobalScope|FileList|MediaSource)\b.*(is not defined|is not a constructor|" missing)|not "brotli"/;
