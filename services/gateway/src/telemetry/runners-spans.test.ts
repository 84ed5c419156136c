import type { SpanRecord } from '@fingerpost/contracts';
import { RunnersSpans } from './runners-spans.ts';

const NOW = 1_800_000_000_000;
const ID = 'U'.padEnd(56, 'A');
const SPAN: SpanRecord = {
  name: 'runner.run',
  kind: 'server',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentId: '00f067aa0ba902b7',
  startedAt: NOW - 100,
  tookMs: 90,
  attributes: { 'fingerpost.integration': 'on-call' },
};

function setUp() {
  const passed: unknown[][] = [];
  let now = NOW;
  const spans = new RunnersSpans(
    (...told) => void passed.push(told),
    () => now,
  );
  return {
    passed,
    take: (told: unknown[], runner = ID) => spans.take(runner, told),
    later: (ms: number) => (now += ms),
  };
}

describe('what a runner tells of its runs', () => {
  it('goes on under the name that the bus vouches for', () => {
    const { passed, take } = setUp();
    take([SPAN]);
    expect(passed).toEqual([[SPAN, { service: 'fingerpost-runner', instance: ID }]]);
  });

  it.each<[string, object]>([
    ['speaks for the secrets service', { name: 'secrets.call' }],
    ['speaks for the page', { name: 'page' }],
    ['belongs to nobody', { parentId: undefined }],
    ['has an id that is none', { traceId: `${SPAN.traceId}\n` }],
    ['has an id that is no text', { spanId: [SPAN.spanId] }],
    ['is of tomorrow', { startedAt: NOW + 86_400_000 }],
    ['is of last year', { startedAt: NOW - 365 * 86_400_000 }],
    ['has no beginning', { startedAt: 'now' }],
    ['ends before it begins', { tookMs: -1 }],
    ['never ends', { tookMs: Number.POSITIVE_INFINITY }],
    ['tells more than a code of what went wrong', { error: 'password=hunter2' }],
    ['is of a kind that there is not', { kind: '__proto__' }],
  ])('is not taken where it %s', (_, change) => {
    const { passed, take } = setUp();
    take([{ ...SPAN, ...change }]);
    expect(passed).toEqual([]);
  });

  it.each([null, 7, 'a span', [], {}])('is not taken where it is %j', (told) => {
    const { passed, take } = setUp();
    take([told]);
    expect(passed).toEqual([]);
  });

  it('leaves behind whatever is not of a span', () => {
    const { passed, take } = setUp();
    const attributes = {
      ...SPAN.attributes,
      'service.name': 'fingerpost-secrets',
      'http.route': 'x'.repeat(201),
      'server.address': 'a\nb',
    };
    take([{ ...SPAN, attributes, resource: { 'service.name': 'fingerpost-secrets' }, teller: 'gateway' }]);
    expect(passed).toEqual([[SPAN, expect.anything()]]);
  });

  it('is no more than so much in a second, and takes nothing from other runners', () => {
    const { passed, take, later } = setUp();
    for (let batch = 0; batch < 100; batch++) take(Array.from({ length: 128 }, () => SPAN));
    expect(passed).toHaveLength(1_000);
    take([SPAN], 'U'.padEnd(56, 'B'));
    expect(passed).toHaveLength(1_001);
    later(1_000);
    take([SPAN]);
    expect(passed).toHaveLength(1_002);
  });
});
