import { setImmediate as nextTurn } from 'node:timers/promises';
import { currentTrace, toTraceparent, traceFrom, withTrace } from './trace.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const PARENT_ID = 'b7ad6b7169203331';

describe('a trace', () => {
  it('goes on with a span of its own', () => {
    const trace = traceFrom(`00-${TRACE_ID}-${PARENT_ID}-01`);
    expect(trace).toEqual({
      traceId: TRACE_ID,
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      parentId: PARENT_ID,
      isSampled: true,
    });
    expect(trace.spanId).not.toBe(PARENT_ID);
    expect(toTraceparent(trace)).toBe(`00-${TRACE_ID}-${trace.spanId}-01`);
  });

  it('is sampled by the last bit of the flags alone', () => {
    expect(traceFrom(`00-${TRACE_ID}-${PARENT_ID}-00`).isSampled).toBe(false);
    expect(traceFrom(`00-${TRACE_ID}-${PARENT_ID}-fe`).isSampled).toBe(false);
    expect(traceFrom(`00-${TRACE_ID}-${PARENT_ID}-03`).isSampled).toBe(true);
  });

  it('is understood from a later version, as W3C asks', () => {
    expect(traceFrom(`cc-${TRACE_ID}-${PARENT_ID}-01-what-comes-later`).traceId).toBe(TRACE_ID);
  });

  it.each([
    undefined,
    '',
    'nonsense',
    `ff-${TRACE_ID}-${PARENT_ID}-01`,
    `00-${TRACE_ID.toUpperCase()}-${PARENT_ID}-01`,
    `00-${'0'.repeat(32)}-${PARENT_ID}-01`,
    `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
    `00-${TRACE_ID}-${PARENT_ID}-01-more`,
    `00-${TRACE_ID}-${PARENT_ID}-01\n`,
    `00-${TRACE_ID}x-${PARENT_ID}-01`,
  ])('begins anew from %j', (traceparent) => {
    const trace = traceFrom(traceparent);
    expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(trace.traceId).not.toBe(TRACE_ID);
    expect(trace.isSampled).toBe(false);
  });

  it('belongs to the work it was given to, and to no other', async () => {
    const seen = await Promise.all(
      [traceFrom(undefined), traceFrom(undefined)].map((trace) =>
        withTrace(trace, async () => {
          await nextTurn();
          return currentTrace() === trace;
        }),
      ),
    );
    expect(seen).toEqual([true, true]);
    expect(currentTrace()).toBeUndefined();
  });
});
