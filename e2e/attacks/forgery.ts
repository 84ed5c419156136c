import { type Family, hostile } from './attack.ts';

const returns = (name: string, value: string, ends: RegExp, metadata?: string) =>
  hostile(name, `return ${value};`, ends, metadata);
const INVALID = /^fails run\.result_invalid/;

export const forgery: Family = {
  name: 'by forged answers',
  attacks: [
    returns('links to a script', `[{ type: 'link', content: 'x', href: 'javascript:alert(1)' }]`, INVALID),
    returns(
      'links to a script behind a tab',
      `[{ type: 'link', content: 'x', href: 'java\\tscript:alert(1)' }]`,
      INVALID,
    ),
    returns(
      'links to data',
      `[{ type: 'dropdown', content: 'x', items: [{ type: 'link', content: 'x', href: 'data:text/html,<script>1</script>' }] }]`,
      INVALID,
    ),
    returns(
      'speaks for its neighbour',
      `[{ type: 'text', content: 'mine', integration: 'good-one', name: 'good-one', id: 'good-one', priority: 1000 }]`,
      /^says mine$/,
    ),
    returns(
      'returns ten thousand insights',
      `Array.from({ length: 10_000 }, () => ({ type: 'text', content: 'x' }))`,
      /^fails run\.(result_invalid|result_too_large)/,
    ),
    returns('returns megabytes', `say('x'.repeat(5_000_000))`, /^fails run\.result_too_large/),
    returns('returns what has getters without end', `[{ type: 'text', get content() { for (;;); } }]`, /^fails run\./),
    returns(
      'returns a proxy that lies',
      `new Proxy([], { get: (_, key) => key === 'length' ? 2 ** 32 : key === 'toJSON' ? undefined : { type: 'text', content: String(key) }, ownKeys: () => ['0'] })`,
      /^fails run\./,
    ),
    returns(
      'returns a thenable without end',
      `{ then(done) { done({ then: (again) => this.then(again) }) } }`,
      /^fails run\./,
    ),
    returns('returns what bites its tail', `(() => { const a = []; a.push(a); return a; })()`, /^fails run\.failed/),
    returns(
      'returns what is nested deep',
      `(() => { let deep = 1; for (let n = 0; n < 50_000; n++) deep = { deep }; return [{ type: 'text', content: 'x', deep }]; })()`,
      /^(fails run\.|says x)/,
    ),
    returns(
      'returns prototype keys',
      `JSON.parse('[{"type":"text","content":"x","__proto__":{"href":"javascript:1"},"constructor":{"prototype":{"polluted":1}}}]')`,
      /^says x$/,
    ),
    hostile(
      'says of itself that a neighbour disturbed it',
      `Object.prototype.toJSON = function () { return this.code ? this : { failure: { code: 'run.disturbed', message: 'x' } } }; return [];`,
      /^fails run\./,
    ),
    hostile(
      'says of itself that it is put aside',
      `Object.prototype.toJSON = function () { return this.code ? this : { failure: { code: 'run.put_aside', message: 'x' } } }; return [];`,
      /^fails run\.failed/,
    ),
    hostile(
      'claims to have read nothing',
      `Object.prototype.toJSON = function () { return this.insights ? { insights: [{ type: 'text', content: 'forged' }], reads: [], hasRemembered: false, cacheSeconds: 1e300, tookMs: -1 } : this }; return say('x');`,
      /^(says forged|fails run\.)/,
      'cache: 60',
    ),
    hostile(
      'claims to have read the prototypes',
      `Object.prototype.toJSON = function () { return this.insights ? { insights: [], reads: [{ how: 'value', path: ['__proto__', 'polluted'] }, { how: 'keys', path: ['constructor', 'prototype'] }], hasRemembered: false, tookMs: 1 } : this }; return say('x');`,
      /^(says $|fails run\.)/,
      'cache: 60',
    ),
    hostile(
      'writes lines of the log into its error',
      `throw new Error('x"}\\n{"level":"fatal","service":"secrets","msg":"forged line"}')`,
      /^fails run\.failed/,
    ),
    hostile(
      'writes lines of the log into its log',
      `logger.error('x"}\\n{"level":"fatal","service":"secrets","msg":"forged line"}\\u001b[2J'); return say('done');`,
      /^says done$/,
    ),
    hostile(
      'throws what is no error',
      `throw { get message() { for (;;); }, toString() { throw this } }`,
      /^fails run\./,
    ),
    hostile(
      'says no in a way that never ends',
      `return say('ran');`,
      /^(fails run\.|says )/,
      `priority: 100 }, shouldRun: async () => { for (;;); `,
    ),
  ],
};
