/**
 * What spans may tell: a closed list, so that there is no place for a secret, an address with its query, a context, or who looked. Names are
 * those of OpenTelemetry where it has one.
 */
export const SPAN_ATTRIBUTES = [
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'server.address',
  'server.port',
  'fingerpost.site',
  'fingerpost.integration',
  'fingerpost.digest',
  'fingerpost.isolation',
  'fingerpost.answer_from',
  'fingerpost.first_insight_ms',
] as const;
export type SpanAttribute = (typeof SPAN_ATTRIBUTES)[number];
export type SpanAttributes = Partial<Record<SpanAttribute, string | number>>;

export const SPAN_KINDS = ['internal', 'server', 'client'] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** Work with a beginning and an end, inside one trace. */
export interface SpanRecord {
  /** there are few: a route, a subject of the bus, or a part of a service */
  name: string;
  kind: SpanKind;
  /** 32 hex digits */
  traceId: string;
  /** 16 hex digits */
  spanId: string;
  parentId?: string;
  /** epoch milliseconds */
  startedAt: number;
  tookMs: number;
  /** the error's code where it failed, never its text */
  error?: string;
  attributes: SpanAttributes;
}
