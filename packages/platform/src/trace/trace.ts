import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** W3C trace context: which request this work belongs to, across every hop. */
export interface Trace {
  /** 32 hex digits, the same from the page's request to the outbound call */
  traceId: string;
  /** 16 hex digits, new for each hop */
  spanId: string;
  isSampled: boolean;
}

const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;
const storage = new AsyncLocalStorage<Trace>();

export const currentTrace = (): Trace | undefined => storage.getStore();

export const withTrace = <T>(trace: Trace, work: () => T): T => storage.run(trace, work);

/** A child of the trace that a `traceparent` header names; a new trace where it names none. */
export function traceFrom(traceparent: string | undefined): Trace {
  const [, version, traceId, flags, rest] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const isValid = traceId !== undefined && (version !== '00' || rest === undefined); // only later versions may go on
  if (!isValid) return { traceId: randomUUID().replaceAll('-', ''), spanId: newSpanId(), isSampled: false };
  return { traceId, spanId: newSpanId(), isSampled: (Number.parseInt(flags!, 16) & 1) === 1 };
}

// From a UUID, whose randomness Node keeps in stock: asking the system for eight bytes costs twenty times as much.
function newSpanId(): string {
  const uuid = randomUUID();
  return uuid.slice(24) + uuid.slice(0, 4);
}

export const toTraceparent = (trace: Trace): string =>
  `00-${trace.traceId}-${trace.spanId}-${trace.isSampled ? '01' : '00'}`;
