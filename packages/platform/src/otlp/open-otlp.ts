import type { SpanWay } from '../life/run-process.ts';
import type { Log } from '../log/log.ts';
import { openSpans } from '../trace/span.ts';
import { type OtlpSettings, readOtlpSettings } from './otlp-settings.ts';

/** Opens this process's way for spans, where settings name a collector. OpenTelemetry's code is not even read where they do not. */
export async function openOtlp(settings: OtlpSettings, service: string, log: Log): Promise<void> {
  if (settings.endpoint === undefined) return;
  const [{ otlpSink }, { isWantedBy }] = await Promise.all([import('./otlp-sink.ts'), import('./sampler.ts')]);
  openSpans({ sink: otlpSink(settings, service, log), isWanted: isWantedBy(settings) });
}

/** To a collector, for services that may reach one. */
export const toCollector: SpanWay<OtlpSettings> = {
  read: readOtlpSettings,
  open: (settings, role, { log }) => openOtlp(settings, role, log),
};
