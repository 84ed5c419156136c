import { isFault, type SpanAttributes, type SpanKind, type SpanRecord } from '@fingerpost/contracts';
import { childOf, currentTrace, type Trace, traceFrom, withTrace } from './trace.ts';

/** Who saw it, where that was not this process. */
export interface SpanTeller {
  service: string;
  instance?: string;
}

/** Where finished spans go. */
export interface SpanSink {
  add(span: SpanRecord, teller?: SpanTeller): void;
  /** Resolves when what was added has left, or could not. */
  close(): Promise<void>;
}

interface Spans {
  sink: SpanSink;
  /** whether a trace that begins here is told: by its id, so that all who see its beginning decide alike */
  isWanted(traceId: string): boolean;
}

/** Work that is timed until somebody says that it is over. */
export interface Span {
  set(attributes: SpanAttributes): void;
  end(error?: unknown): void;
}

const NOBODY_LOOKS: Span = { set: () => {}, end: () => {} };
const MOST_CHARS = 200;
let spans: Spans | undefined;
const open = new WeakMap<Trace, OpenSpan>();

/** One way for the whole process: services that share one share it. Until it is called, a span costs one comparison. */
export function openSpans(way: Spans): void {
  spans = way;
}

export async function closeSpans(): Promise<void> {
  const sink = spans?.sink;
  spans = undefined;
  await sink?.close();
}

export const isTracing = (): boolean => spans !== undefined;

/** A trace from outside goes on under its id. Whether it is told is decided here: strangers' word on that would cost us what they like. */
export function traceFromOutside(traceparent: string | undefined): Trace {
  const trace = traceFrom(traceparent);
  trace.isSampled = spans?.isWanted(trace.traceId) === true;
  return trace;
}

/** Times part of the work of this moment. */
export function inSpan<T>(name: string, work: () => T, kind: SpanKind = 'internal'): T {
  if (spans === undefined) return work();
  const { sink } = spans;
  const parent = currentTrace();
  if (parent?.isSampled !== true) return work();
  const trace = childOf(parent);
  return withTrace(trace, () => timed(new OpenSpan(name, kind, trace, sink), work));
}

/** Work that somebody else asked for, or whose end somebody else tells: `trace` is that work's own. */
export function beginSpan(name: string, trace: Trace, kind: SpanKind = 'server'): Span {
  return spans !== undefined && trace.isSampled ? new OpenSpan(name, kind, trace, spans.sink) : NOBODY_LOOKS;
}

/** Says more of the span of this moment. */
export function describeSpan(attributes: SpanAttributes): void {
  if (spans === undefined) return;
  const trace = currentTrace();
  if (trace !== undefined) open.get(trace)?.set(attributes);
}

/** A span that somebody else has told us of, and that was checked. */
export const passOnSpan = (span: SpanRecord, teller: SpanTeller): void => spans?.sink.add(span, teller);

function timed<T>(span: Span, work: () => T): T {
  try {
    const result = work();
    if (!isPromise(result)) span.end();
    else
      result.then(
        () => span.end(),
        (error) => span.end(error),
      );
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}

// By what it can do, not `instanceof`: tests run each file in a realm of its own.
const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as Promise<unknown> | undefined)?.then === 'function';

class OpenSpan implements Span {
  private readonly startedAt = Date.now();
  private readonly from = performance.now();
  private readonly attributes: SpanAttributes = {};
  private isOver = false;

  constructor(
    private readonly name: string,
    private readonly kind: SpanKind,
    private readonly trace: Trace,
    private readonly sink: SpanSink,
  ) {
    open.set(trace, this);
  }

  set(attributes: SpanAttributes): void {
    for (const [name, value] of Object.entries(attributes))
      this.attributes[name as keyof SpanAttributes] = typeof value === 'string' ? value.slice(0, MOST_CHARS) : value;
  }

  end(error?: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    const { name, kind, startedAt, attributes } = this;
    const { traceId, spanId, parentId } = this.trace;
    const tookMs = performance.now() - this.from;
    const code = error === undefined ? undefined : isFault(error) ? error.code : 'internal';
    this.sink.add({ name, kind, traceId, spanId, parentId, startedAt, tookMs, error: code, attributes });
  }
}
