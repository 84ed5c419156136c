import { ArrayMaxSize, IsArray } from 'class-validator';
import type { SpanRecord } from './span.ts';

export const telemetrySubjects = {
  /** SpanBatch -> {}: what a runner saw of requests that are traced; on a subject of the runner's own, as calls are */
  spans: (runnerId: string) => `telemetry.spans.${runnerId}`,
  anySpans: 'telemetry.spans.*',
} as const;

/** Of one batch. */
export const MOST_SPANS = 128;
/** All that a runner has spans for; whatever else one says is not taken. */
export const RUNNER_SPANS: readonly string[] = ['runner.run', 'sandbox'];

export class SpanBatch {
  @IsArray()
  @ArrayMaxSize(MOST_SPANS)
  spans: SpanRecord[];
}
