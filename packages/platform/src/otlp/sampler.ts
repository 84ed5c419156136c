import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { OtlpSettings } from './otlp-settings.ts';

/**
 * Whether a trace that begins here is told, by its id alone: gateways decide alike. Parents from outside are strangers, and what comes over the
 * bus has been decided, so that `parentbased_` changes nothing.
 */
export function isWantedBy({ sampler, ratio }: Pick<OtlpSettings, 'sampler' | 'ratio'>): (traceId: string) => boolean {
  const chosen = samplerFor(sampler.replace('parentbased_', ''), ratio);
  return (traceId) =>
    chosen.shouldSample(ROOT_CONTEXT, traceId, '', SpanKind.SERVER, {}, []).decision ===
    SamplingDecision.RECORD_AND_SAMPLED;
}

function samplerFor(name: string, ratio: number): Sampler {
  if (name === 'traceidratio') return new TraceIdRatioBasedSampler(ratio);
  return name === 'always_off' ? new AlwaysOffSampler() : new AlwaysOnSampler();
}
