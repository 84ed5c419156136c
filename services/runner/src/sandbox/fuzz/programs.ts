import type { Random } from './random.ts';

const TEXTS = [
  '',
  '__proto__',
  'constructor',
  'toJSON',
  'then',
  'fetch',
  'log',
  'sleep',
  'recall',
  'run.disturbed',
  'https://a.dev/',
  '\\u2028',
  '\\ud800',
  '\\0',
  'x\\r\\ny: z',
];
const NUMBERS = ['0', '-0', '-1', 'NaN', 'Infinity', '1e308', '2 ** 53', '0.1', '7n'];
const GLOBALS = [
  'JSON',
  'Promise',
  'Map',
  'Set',
  'Array',
  'Object',
  'String',
  'Symbol',
  'Error',
  'Reflect',
  'Proxy',
  'Uint8Array',
  'URL',
  'Headers',
  'Date',
  'Function',
];
const METHODS = [
  'then',
  'map',
  'push',
  'set',
  'get',
  'has',
  'add',
  'delete',
  'toString',
  'valueOf',
  'toJSON',
  'call',
  'apply',
  'join',
  'slice',
  'constructor',
  'stringify',
  'parse',
  'resolve',
  'now',
];
const TRAPS = ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'apply', 'construct'];

/** The text of an expression: plain things, and things that are not what they seem. */
function hostileValue(random: Random, depth = 3): string {
  const inner = () => hostileValue(random, depth - 1);
  const plain = [
    () => `'${random.oneOf(TEXTS)}'`,
    () => random.oneOf(NUMBERS),
    () =>
      random.oneOf([
        'null',
        'undefined',
        'true',
        'Symbol.iterator',
        '/x/g',
        'new Date(NaN)',
        'context',
        'secrets',
        'globalThis',
        'fetch',
      ]),
  ];
  if (depth === 0) return random.oneOf(plain)();
  return random.oneOf([
    ...plain,
    () => `[${random.times(4, inner)}]`,
    () => `({ ${random.times(4, () => `['${random.oneOf(TEXTS)}']: ${inner()}`)} })`,
    () =>
      `({ get ${random.oneOf(['content', 'type', 'code', 'message', 'stack', 'url', 'level'])}() { return ${inner()} } })`,
    () => `({ toJSON: () => (${inner()}) })`,
    () => `({ then: (done, fail) => ${random.oneOf(['done', 'fail', 'done(done)'])}(${inner()}) })`,
    () =>
      `new Proxy(${random.oneOf(['{}', '[]', '() => {}', 'context'])}, { ${random.oneOf(TRAPS)}: () => (${inner()}) })`,
    () => `(() => { const a = { b: ${inner()} }; a.a = a; return a })()`,
    () => `'${random.oneOf(TEXTS)}'.repeat(${random.oneOf([10, 1_000, 100_000])})`,
    () => `new Uint8Array(${random.oneOf([0, 10, 100_000])})`,
    () => `Array(${random.oneOf([3, 5_000])}).fill(${inner()})`,
    () => `Array.from({ length: ${random.oneOf([100, 10_000])} }).reduce((deep) => [deep], ${inner()})`,
    () => `Object.assign(new Error('x'), { code: ${inner()}, stack: ${inner()} })`,
    () => `Promise.${random.oneOf(['resolve', 'reject'])}(${inner()})`,
  ])();
}

/** The text of a statement that knocks at the bridge, or bends what stands before it. */
function hostileStatement(random: Random): string {
  const value = () => hostileValue(random);
  return random.oneOf([
    () => `await cache.get(${value()})`,
    () => `await cache.set(${value()}, ${value()}, ${value()})`,
    () =>
      `await fetch(${random.oneOf([`'https://a.dev/'`, value()])}, { method: ${random.oneOf([`'POST'`, value()])}, headers: ${value()}, body: ${value()}, redirect: ${value()} })`,
    () => `logger.${random.oneOf(['info', 'error', 'debug'])}(${value()}, ${value()})`,
    () => `setTimeout(${random.oneOf(['() => {}', `() => { throw ${value()} }`, value()])}, ${value()})`,
    () => `await new Promise((done) => setTimeout(done, ${random.below(5)}))`,
    () => `crypto.getRandomValues(${value()})`,
    () => `crypto.digestSync(${random.oneOf([`'sha256'`, value()])}, ${value()}, ${value()})`,
    () =>
      `Object.prototype.toJSON = function () { return ${random.oneOf([value(), `{ kind: 'fetch', method: 'GET', url: ${value()}, headers: ${value()}, redirect: 'follow' }`, `{ level: ${value()}, text: ${value()} }`, `{ insights: ${value()}, reads: ${value()}, tookMs: ${value()} }`, `{ failure: { code: ${value()}, message: ${value()}, stack: ${value()} } }`])} }`,
    () => `delete Object.prototype.toJSON`,
    () => `globalThis.${random.oneOf(GLOBALS)} = ${value()}`,
    () => `${random.oneOf(GLOBALS)}.${random.oneOf(METHODS)} = ${random.oneOf([value(), `() => (${value()})`])}`,
    () =>
      `${random.oneOf(GLOBALS)}.prototype.${random.oneOf(METHODS)} = ${random.oneOf([value(), `function () { return ${value()} }`])}`,
    () =>
      `Object.defineProperty(Object.prototype, '${random.oneOf(['then', 'code', 'resolve', 'default', 'stack', '0', 'length'])}', { configurable: true, ${random.oneOf(['get', 'set'])}() { ${random.oneOf(['throw 1', `return ${value()}`])} } })`,
    () => `Error.prepareStackTrace = () => (${value()})`,
    () => `Object.freeze(${random.oneOf(GLOBALS)}.prototype)`,
    () => `Promise.reject(${value()})`,
    () => `context.${random.oneOf(['page', 'type', '__proto__', 'x'])} = ${value()}`,
    () => `void JSON.stringify(context, ${value()})`,
    () => `queueMicrotask(() => { ${random.oneOf(['throw', 'void'])} ${value()} })`,
    () =>
      `for (let n = 0; n < ${random.oneOf([300, 8_000])}; n++) ${random.oneOf([`cache.get('k')`, `console.log('x')`, `setTimeout(() => {}, 0)`, `crypto.randomUUID()`])}`,
  ])();
}

/** A bundle as the registry makes them, of an author who means no good. */
export function hostileProgram(random: Random): string {
  const body = random.times(6, () => `${random.oneOf(['', 'try { '])}${hostileStatement(random)}`);
  const closed = body.map((line) => (line.startsWith('try') ? `${line} } catch {}` : line)).join(';\n');
  const end = random.oneOf(['return', 'throw']);
  const shouldRun = random.oneOf(['', `, shouldRun: async (context) => (${hostileValue(random)})`]);
  const metadata = random.oneOf(['', `, metadata: ${hostileValue(random)}`]);
  return `var __integration = { run: async (context, secrets) => {\n${closed};\n${end} ${hostileValue(random)} }${shouldRun}${metadata} };`;
}
