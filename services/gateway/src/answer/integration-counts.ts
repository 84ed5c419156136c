import { metrics } from '@fingerpost/platform';

/** Names come from authors, who may make as many as they like: those that come after so many count as one. */
const MOST_NAMES = 100;
const OTHER = 'other';

export type AnsweredFrom = 'memory' | 'shared' | 'stale' | 'run' | 'failed';

/** How each integration does. On the path of kept answers: what was looked up once is kept. */
export class IntegrationCounts {
  private readonly names = new Set<string>();
  private readonly counters = new Map<string, { inc(): void }>();
  private readonly answers = metrics.counter({
    name: 'fingerpost_gateway_answers_total',
    help: 'Answers of integrations by where they came from: memory, the shared cache, an old one, a run; or failed.',
    labelNames: ['integration', 'from'],
  });
  private readonly seconds = metrics.histogram({
    name: 'fingerpost_gateway_run_duration_seconds',
    help: 'Time of runs as the gateway waits for them, with the way there and back, by integration.',
    labelNames: ['integration'],
    buckets: [0.01, 0.05, 0.25, 1, 5],
  });

  count(integration: string, from: AnsweredFrom): void {
    const key = `${from} ${integration}`;
    let counter = this.counters.get(key);
    if (counter === undefined) {
      counter = this.answers.labels(this.nameOf(integration), from);
      if (this.names.has(integration)) this.counters.set(key, counter);
    }
    counter.inc();
  }

  ran(integration: string, ms: number): void {
    this.seconds.labels(this.nameOf(integration)).observe(ms / 1_000);
  }

  private nameOf(integration: string): string {
    if (this.names.size < MOST_NAMES) this.names.add(integration);
    return this.names.has(integration) ? integration : OTHER;
  }
}
