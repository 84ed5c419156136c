import { readFromSandbox } from './from-sandbox.ts';

const fetchEffect = { kind: 'fetch', method: 'GET', url: 'https://a', headers: [['a', 'b']], redirect: 'follow' };

describe('reading what a sandbox process says', () => {
  it.each([
    { say: 'ready', missingWalls: [] },
    {
      say: 'done',
      id: 1,
      result: { insights: [], reads: [{ how: 'keys', path: ['a'] }], hasRemembered: false, tookMs: 1 },
    },
    { say: 'inspected', id: 1, found: { metadata: {}, hasRun: true, hasShouldRun: false } },
    { say: 'failed', id: 1, failure: { code: 'run.failed', message: 'x', stack: 'y' }, isStuck: true },
    { say: 'effect', id: 1, effect: 2, request: fetchEffect },
    { say: 'effect', id: 1, effect: 2, request: { kind: 'remember', key: 'k', value: { any: 1 }, ttlSeconds: 3 } },
    { say: 'log', id: 1, level: 'warn', text: 'x' },
  ])('takes %j', (message) => {
    expect(readFromSandbox(message)).toBe(message);
  });

  it.each([
    null,
    'ready',
    [],
    { say: 'ready' },
    { say: 'constructor', id: 1 },
    { say: 'toString', id: 1 },
    { say: ['log'], id: 1, level: 'info', text: 'x' },
    { say: 'log', id: 1, level: '__proto__', text: 'x' },
    { say: 'log', id: 1, level: 'setBindings', text: 'x' },
    { say: 'log', id: 1, level: 'info', text: { toString: 1 } },
    { say: 'log', id: '1', level: 'info', text: 'x' },
    { say: 'failed', id: 1, failure: { code: 'grant.revoked', message: 'x' } },
    { say: 'failed', id: 1, failure: null },
    { say: 'done', id: 1, result: { reads: [{ how: 'all', path: [] }] } },
    { say: 'done', id: 1, result: { reads: 'everything' } },
    { say: 'inspected', id: 1, found: { metadata: {}, hasRun: 'yes', hasShouldRun: false } },
    { say: 'done', id: 1, result: { reads: Array.from({ length: 501 }, () => ({ how: 'keys', path: [] })) } },
    { say: 'done', id: 1, result: { cacheSeconds: -1 } },
    { say: 'effect', id: 1, effect: 2, request: { kind: 'shutdown' } },
    { say: 'effect', id: 1, effect: 2, request: { ...fetchEffect, headers: [['a']] } },
    { say: 'effect', id: 1, effect: 2, request: { ...fetchEffect, url: { href: 'https://a' } } },
    { say: 'effect', id: 1, effect: 2, request: { kind: 'recall', key: ['k'] } },
  ])('takes %j for nothing', (message) => {
    expect(readFromSandbox(message)).toBeUndefined();
  });
});
