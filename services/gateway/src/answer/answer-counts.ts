import type { ErrorCode } from '@fingerpost/contracts';
import { metrics } from '@fingerpost/platform';

export interface AnswerCounts {
  atHand(count: number): void;
  shared(): void;
  stale(): void;
  run(): void;
  failed(code: ErrorCode): void;
}

/** Where answers came from. A run counts once, however many waited for it. */
export function countAnswers(): AnswerCounts {
  const answers = metrics.counter({
    name: 'fingerpost_answers_total',
    help: 'Answers of integrations by where they came from.',
    labelNames: ['from'],
  });
  const failures = metrics.counter({
    name: 'fingerpost_failures_total',
    help: 'Integrations that gave no answer, by error code.',
    labelNames: ['code'],
  });
  const [memory, shared, stale, run] = ['memory', 'shared', 'stale', 'run'].map((from) => answers.labels(from));
  return {
    atHand: (count) => memory!.inc(count),
    shared: () => shared!.inc(),
    stale: () => stale!.inc(),
    run: () => run!.inc(),
    failed: (code) => failures.labels(code).inc(),
  };
}
