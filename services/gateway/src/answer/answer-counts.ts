import type { ErrorCode } from '@fingerpost/contracts';
import { metrics } from '@fingerpost/platform';
import { IntegrationCounts } from './integration-counts.ts';

export interface AnswerCounts {
  integrations: IntegrationCounts;
  failed(integration: string, code: ErrorCode): void;
}

/** Where answers came from. A run counts once for each who waited for it; its time once. */
export function countAnswers(): AnswerCounts {
  const integrations = new IntegrationCounts();
  const failures = metrics.counter({
    name: 'fingerpost_gateway_failures_total',
    help: 'Integrations that gave no answer, by error code.',
    labelNames: ['code'],
  });
  return {
    integrations,
    failed: (integration, code) => {
      integrations.count(integration, 'failed');
      failures.labels(code).inc();
    },
  };
}
