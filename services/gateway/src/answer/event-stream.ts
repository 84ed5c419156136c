import type { DoneEvent, ExpectedEvent, FailureEvent, InsightEvent } from '@fingerpost/contracts';
import type { Answer, Outcome } from './answer-context.ts';
import type { AnswerTimes } from './answer-times.ts';

/** The answer as server-sent events, each outcome as soon as it is there. */
export async function* eventStream(
  { expected, outcomes }: Answer,
  startedAt: number,
  times: AnswerTimes,
): AsyncGenerator<string> {
  yield event<ExpectedEvent>('expected', { integrations: expected });
  const done: DoneEvent = { count: 0, cacheHits: 0, failedCount: 0, tookMs: 0 };
  for await (const outcome of inOrderOfArrival(outcomes)) {
    if ('failure' in outcome) done.failedCount++;
    else {
      if (done.count === 0 && outcome.insights.length > 0) times.first(performance.now() - startedAt);
      done.count += outcome.insights.length;
      if (outcome.isCached) done.cacheHits++;
    }
    const events = eventsOf(outcome);
    if (events !== '') yield events;
  }
  const tookMs = performance.now() - startedAt;
  times.all(tookMs);
  done.tookMs = Math.round(tookMs);
  yield event('done', done);
}

function eventsOf(outcome: Outcome): string {
  const { integration } = outcome;
  if ('failure' in outcome) return event<FailureEvent>('failure', { integration, ...outcome.failure });
  const { isCached, isStale } = outcome;
  return outcome.insights
    .map((insight, index) => event<InsightEvent>('insight', { integration, index, insight, isCached, isStale }))
    .join('');
}

async function* inOrderOfArrival<T>(items: Promise<T>[]): AsyncGenerator<T> {
  const coming = new Map(items.map((item, index) => [index, item.then((value) => [index, value] as const)]));
  while (coming.size > 0) {
    const [index, value] = await Promise.race(coming.values());
    coming.delete(index);
    yield value;
  }
}

// JSON has no line breaks of its own, so one data line always suffices.
const event = <T>(name: string, data: T): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
