import { metrics } from '@fingerpost/platform';

const BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What people wait for, from the question's arrival: something to see, and all that there is. */
export interface AnswerTimes {
  first(ms: number): void;
  all(ms: number): void;
}

export function timeAnswers(): AnswerTimes {
  const first = metrics.histogram({
    name: 'fingerpost_gateway_first_insight_seconds',
    help: 'Time until the first insight leaves, of questions that have any.',
    buckets: BUCKETS,
  });
  const all = metrics.histogram({
    name: 'fingerpost_gateway_all_insights_seconds',
    help: 'Time until the last insight or failure leaves.',
    buckets: BUCKETS,
  });
  return { first: (ms) => first.observe(ms / 1_000), all: (ms) => all.observe(ms / 1_000) };
}
