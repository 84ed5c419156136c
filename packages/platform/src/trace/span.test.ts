import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, type SpanRecord } from '@fingerpost/contracts';
import { beginSpan, closeSpans, describeSpan, inSpan, openSpans, traceFromOutside } from './span.ts';
import { currentTrace, keepTrace, traceFrom, withTrace } from './trace.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SAMPLED = `00-${TRACE_ID}-b7ad6b7169203331-01`;

let told: SpanRecord[] = [];
const open = (isWanted = () => true) =>
  openSpans({ sink: { add: (span) => void told.push(span), close: async () => {} }, isWanted });
beforeEach(() => (told = []));
afterEach(closeSpans);

describe('a span', () => {
  it('stands inside the one in which it was begun', async () => {
    open();
    await withTrace(traceFrom(SAMPLED), () => inSpan('outer', async () => inSpan('inner', () => sleep(5))));
    const [inner, outer] = told as [SpanRecord, SpanRecord];
    expect([inner.name, outer.name, inner.traceId]).toEqual(['inner', 'outer', TRACE_ID]);
    expect(inner.parentId).toBe(outer.spanId);
    expect(inner.tookMs).toBeGreaterThan(3);
  });

  it('says by which code it failed, and nothing of why', async () => {
    open();
    const failing = withTrace(traceFrom(SAMPLED), () =>
      inSpan('a', () => Promise.reject(new Fault('run.failed', 'password=hunter2'))),
    );
    await expect(failing).rejects.toThrow('hunter2');
    expect(() => withTrace(traceFrom(SAMPLED), () => inSpan('b', () => JSON.parse('hunter2')))).toThrow();
    expect(told.map(({ error }) => error)).toEqual(['run.failed', 'internal']);
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });

  it('keeps texts short', () => {
    open();
    withTrace(traceFrom(SAMPLED), () => inSpan('a', () => describeSpan({ 'server.address': 'x'.repeat(10_000) })));
    expect(String(told[0]!.attributes['server.address'])).toHaveLength(200);
  });

  it('is told once, whoever ends it again', () => {
    open();
    const span = beginSpan('a', traceFrom(SAMPLED));
    span.end();
    span.end(new Error('late'));
    expect(told).toHaveLength(1);
    expect(told[0]!.error).toBeUndefined();
  });

  it('stays where it belongs when a channel calls back', async () => {
    open();
    let callBack = () => currentTrace()?.traceId;
    withTrace(traceFrom(SAMPLED), () => inSpan('a', () => (callBack = keepTrace(callBack))));
    await sleep(1);
    expect(currentTrace()).toBeUndefined();
    expect(callBack()).toBe(TRACE_ID);
  });
});

describe('nothing is told', () => {
  it.each<[string, () => void, string | undefined]>([
    ['of a trace that nobody looks at', open, undefined],
    ['of one that was not chosen', open, SAMPLED.replace(/1$/, '0')],
    ['before anybody has asked for it', () => {}, SAMPLED],
  ])('%s', (_, prepare, traceparent) => {
    prepare();
    const trace = traceFrom(traceparent);
    withTrace(trace, () => inSpan('a', () => describeSpan({ 'fingerpost.site': 'github' })));
    beginSpan('b', trace).end();
    expect(told).toEqual([]);
  });
});

describe('a trace from outside', () => {
  it('goes on under its id', () => {
    open();
    expect(traceFromOutside(SAMPLED)).toMatchObject({
      traceId: TRACE_ID,
      parentId: 'b7ad6b7169203331',
      isSampled: true,
    });
  });

  it('is told because we want it, never because a page says so', () => {
    open(() => false);
    expect(traceFromOutside(SAMPLED).isSampled).toBe(false);
    open(() => true);
    expect(traceFromOutside(SAMPLED.replace(/1$/, '0')).isSampled).toBe(true);
  });
});
