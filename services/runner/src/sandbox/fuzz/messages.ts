import type { Random } from './random.ts';

const WORDS = [
  'ready',
  'done',
  'inspected',
  'failed',
  'effect',
  'log',
  'load',
  'fetch',
  'recall',
  'remember',
  'info',
  '__proto__',
  'constructor',
  'toString',
  'run.failed',
  'follow',
  'value',
  '',
];
const KEYS = [
  'say',
  'id',
  'result',
  'failure',
  'effect',
  'request',
  'kind',
  'level',
  'text',
  'code',
  'message',
  'stack',
  'isStuck',
  'insights',
  'found',
  'hasRun',
  'reads',
  'how',
  'path',
  'headers',
  'method',
  'url',
  'redirect',
  'key',
  'value',
  'ttlSeconds',
  'missingWalls',
  'runs',
  '__proto__',
  'length',
  'tookMs',
  'cacheSeconds',
];
const LIKE_OURS = [
  { say: 'ready', missingWalls: [] },
  {
    say: 'done',
    id: 1,
    result: { insights: [], reads: [{ how: 'value', path: ['a'] }], hasRemembered: false, cacheSeconds: 1, tookMs: 1 },
  },
  { say: 'failed', id: 1, failure: { code: 'run.failed', message: 'x', stack: 'y', causedBy: 'z' }, isStuck: true },
  {
    say: 'effect',
    id: 1,
    effect: 1,
    request: {
      kind: 'fetch',
      method: 'GET',
      url: 'https://a.dev',
      headers: [['a', 'b']],
      body: '',
      redirect: 'follow',
    },
  },
  { say: 'effect', id: 1, effect: 1, request: { kind: 'remember', key: 'k', value: {}, ttlSeconds: 1 } },
  { say: 'inspected', id: 1, found: { metadata: {}, hasRun: true, hasShouldRun: false } },
  { say: 'load', runs: [[1, 2.5]] },
  { say: 'log', id: 1, level: 'info', text: 'x' },
];

/** What a process that has been taken over may say: anything that JSON can hold, and often something much like what ours say. */
export const hostileMessage = (random: Random): unknown =>
  random.below(4) === 0 ? anything(random, 4) : bend(random, random.oneOf(LIKE_OURS));

function bend(random: Random, value: unknown): unknown {
  if (random.below(12) === 0) return anything(random, 2);
  if (Array.isArray(value)) return value.map((item) => bend(random, item));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(() => random.below(20) > 0);
  const more = random.below(8) === 0 ? [[random.oneOf(KEYS), anything(random, 2)] as const] : [];
  return asJson(Object.fromEntries([...fields.map(([key, field]) => [key, bend(random, field)] as const), ...more]));
}

function anything(random: Random, depth: number): unknown {
  const kind = random.below(depth === 0 ? 4 : 6);
  if (kind === 0) return random.oneOf(WORDS);
  if (kind === 1) return random.oneOf([0, -1, 1.5, 1e308, 2 ** 53]);
  if (kind === 2) return random.oneOf([null, true, false]);
  if (kind === 3) return 'x'.repeat(random.below(50));
  const items = random.times(5, () => anything(random, depth - 1));
  return kind === 4 ? items : asJson(Object.fromEntries(items.map((item) => [random.oneOf(KEYS), item])));
}

/** As the channel delivers it. */
const asJson = (value: object): unknown => JSON.parse(JSON.stringify(value));
