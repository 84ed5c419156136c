import type { Fault } from '@fingerpost/contracts';
import { metrics } from '../metrics/metrics.ts';

/** Times what is answered under one name: there are as many as there are subjects in the contracts. */
export function timeAnswers(subject: string): (tookMs: number, fault: Fault | undefined) => void {
  const seconds = metrics.histogram({
    name: 'fingerpost_bus_request_duration_seconds',
    help: 'Time from a request on the bus to the end of its answer, at the side that answers.',
    labelNames: ['subject', 'outcome'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10],
  });
  const [ok, failed] = ['ok', 'fault'].map((outcome) => seconds.labels(subject, outcome));
  return (tookMs, fault) => (fault === undefined ? ok : failed)!.observe(tookMs / 1_000);
}
