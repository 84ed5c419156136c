import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace';
import type { Log } from '../log/log.ts';
import { countSpans } from '../trace/count-spans.ts';
import type { SpanSink } from '../trace/span.ts';
import type { OtlpSettings } from './otlp-settings.ts';
import { readableSpan, resourceOf } from './readable-span.ts';

const SEND_EVERY_MS = 2_000;
/** What waits for a collector that is slow or away; more is lost. */
const MOST_WAITING = 4_096;
/** A collector that hangs does not hold up a process that ends. */
const CLOSE_WITHIN_MS = 3_000;
const DONE = 0;

/** Spans to a collector, by OpenTelemetry's own batches and exporter. */
export function otlpSink(settings: OtlpSettings, service: string, log: Pick<Log, 'info' | 'warn'>): SpanSink {
  const { endpoint, headers, serviceName, attributes } = settings;
  const exporter = new OTLPTraceExporter({
    url: `${endpoint!.replace(/\/$/, '')}/v1/traces`,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()])),
  });
  const processor = new BatchSpanProcessor({
    exporter: telling(exporter, log),
    scheduledDelayMillis: SEND_EVERY_MS,
    maxQueueSize: MOST_WAITING,
  });
  const own = resourceOf({ service: serviceName ?? `fingerpost-${service}` }, attributes);
  return {
    add(span, teller) {
      processor.onEnd(readableSpan(span, teller === undefined ? own : resourceOf(teller, attributes)));
    },
    async close() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS).unref());
      await Promise.race([processor.shutdown().catch(() => {}), late]);
    },
  };
}

/** Counts, and says once that the collector is away, and once that it is back. */
function telling(exporter: SpanExporter, log: Pick<Log, 'info' | 'warn'>): SpanExporter {
  const counts = countSpans();
  let isAway = false;
  return {
    export(spans, onResult) {
      exporter.export(spans, (result) => {
        const isDone = result.code === DONE;
        isDone ? counts.sent(spans.length) : counts.lost(spans.length);
        if (isDone && isAway) log.info('the collector of traces is back');
        if (!isDone && !isAway)
          log.warn(`traces are lost: the collector does not take them (${result.error?.message})`);
        isAway = !isDone;
        onResult(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
