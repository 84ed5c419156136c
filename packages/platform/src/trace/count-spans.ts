import { metrics } from '../metrics/metrics.ts';

/** What became of finished spans. */
export function countSpans() {
  const spans = metrics.counter({
    name: 'fingerpost_spans_total',
    help: 'Finished spans by what became of them.',
    labelNames: ['outcome'],
  });
  return {
    sent: (count: number) => spans.labels('sent').inc(count),
    lost: (count: number) => spans.labels('lost').inc(count),
    refused: (count: number) => spans.labels('refused').inc(count),
  };
}
