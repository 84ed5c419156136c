import type { SpanRecord } from '@fingerpost/contracts';
import { type HrTime, type SpanContext, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { SpanTeller } from '../trace/span.ts';
import type { Pairs } from './otlp-settings.ts';

const KINDS = { internal: SpanKind.INTERNAL, server: SpanKind.SERVER, client: SpanKind.CLIENT };

/** A finished span as OpenTelemetry's exporters take it. */
export function readableSpan(span: SpanRecord, resource: Resource): ReadableSpan {
  const { name, kind, traceId, spanId, parentId, startedAt, tookMs, error, attributes } = span;
  const contextOf = (id: string): SpanContext => ({ traceId, spanId: id, traceFlags: TraceFlags.SAMPLED });
  return {
    name,
    kind: KINDS[kind],
    spanContext: () => contextOf(spanId),
    parentSpanContext: parentId === undefined ? undefined : contextOf(parentId),
    startTime: hrTime(startedAt),
    endTime: hrTime(startedAt + tookMs),
    duration: hrTime(tookMs),
    status: { code: error === undefined ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
    attributes: { ...attributes, ...(error !== undefined && { 'error.type': error }) },
    ended: true,
    resource,
    instrumentationScope: { name: 'fingerpost' },
    ...{ links: [], events: [], droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  };
}

/** Who it is we say ourselves, whatever the environment says of all. */
export const resourceOf = ({ service, instance }: SpanTeller, more: Pairs): Resource =>
  resourceFromAttributes({
    ...more,
    'service.name': service,
    ...(instance !== undefined && { 'service.instance.id': instance }),
  });

function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}
