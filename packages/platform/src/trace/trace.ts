import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** W3C trace context: which request this work belongs to, across every hop. */
export interface Trace {
  /** 32 hex digits, the same from the page's request to the outbound call */
  traceId: string;
  /** 16 hex digits, new for each hop */
  spanId: string;
  isSampled: boolean;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const storage = new AsyncLocalStorage<Trace>();

export const currentTrace = (): Trace | undefined => storage.getStore();

export const withTrace = <T>(trace: Trace, work: () => T): T => storage.run(trace, work);

/** A child of the trace that a `traceparent` header names; a new trace where it names none. */
export function traceFrom(traceparent: string | undefined): Trace {
  const [, traceId, parentId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const isValid = traceId !== undefined && !/^0+$/.test(traceId) && !/^0+$/.test(parentId!);
  if (!isValid) return { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex'), isSampled: false };
  return { traceId, spanId: randomBytes(8).toString('hex'), isSampled: (Number.parseInt(flags!, 16) & 1) === 1 };
}

export const toTraceparent = (trace: Trace): string => `00-${trace.traceId}-${trace.spanId}-${trace.isSampled ? '01' : '00'}`;
