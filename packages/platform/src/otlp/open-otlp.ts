import type { SpanWay } from '../life/run-process.ts';
import type { Log } from '../log/log.ts';
import { openSpans } from '../trace/span.ts';
import { type OtlpSettings, readOtlpSettings } from './otlp-settings.ts';
import { otlpSink } from './otlp-sink.ts';
import { isWantedBy } from './sampler.ts';

/** Opens this process's way for spans, where settings name a collector. */
export function openOtlp(settings: OtlpSettings, service: string, log: Log): void {
  if (settings.endpoint === undefined) return;
  openSpans({ sink: otlpSink(settings, service, log), isWanted: isWantedBy(settings) });
}

/** To a collector, for services that may reach one. */
export const toCollector: SpanWay<OtlpSettings> = {
  read: readOtlpSettings,
  open: (settings, role, { log }) => openOtlp(settings, role, log),
};
