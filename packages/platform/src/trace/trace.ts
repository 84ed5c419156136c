import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** W3C trace context: which request this work belongs to, across every hop. */
export interface Trace {
  /** 32 hex digits, the same from the page's request to the outbound call */
  traceId: string;
  /** 16 hex digits, new for each hop */
  spanId: string;
  /** the span that asked for this one */
  parentId?: string;
  /** spans of it are told (`span.ts`) */
  isSampled: boolean;
}

const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const storage = new AsyncLocalStorage<Trace>();

export const currentTrace = (): Trace | undefined => storage.getStore();

export const withTrace = <T>(trace: Trace, work: () => T): T => storage.run(trace, work);

/** The same function, which belongs to the work of this moment whoever calls it later: for what is called back by a channel or a timer. */
export const keepTrace = <A extends unknown[], R>(work: (...args: A) => R): ((...args: A) => R) =>
  AsyncLocalStorage.bind(work);

/** A child of the trace that a `traceparent` header names; a new trace where it names none. */
export function traceFrom(traceparent: string | undefined): Trace {
  const [, version, traceId, parentId, flags, rest] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const isValid = traceId !== undefined && (version !== '00' || rest === undefined); // only later versions may go on
  if (!isValid) return { traceId: randomUUID().replaceAll('-', ''), spanId: newSpanId(), isSampled: false };
  return { traceId, spanId: newSpanId(), parentId, isSampled: (Number.parseInt(flags!, 16) & 1) === 1 };
}

export const childOf = ({ traceId, spanId, isSampled }: Trace): Trace => ({
  traceId,
  spanId: newSpanId(),
  parentId: spanId,
  isSampled,
});

// From a UUID, whose randomness Node keeps in stock: asking the system for eight bytes costs twenty times as much.
function newSpanId(): string {
  const uuid = randomUUID();
  return uuid.slice(24) + uuid.slice(0, 4);
}

export const toTraceparent = (trace: Trace): string =>
  `00-${trace.traceId}-${trace.spanId}-${trace.isSampled ? '01' : '00'}`;
