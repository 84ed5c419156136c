import type { FailureEvent, Insight } from '@fingerpost/contracts';
import type { AnswerAtHand, Outcome } from './answer-context.ts';

type Failed = Extract<Outcome, { failure: unknown }>;

/**
 * ToolJump's shape (`ContextAnswer`), written as text, and what failed where something did. Kept answers are the same objects every time, so what was serialised once
 * is not serialised again.
 */
export function jsonAnswer({ expected, outcomes }: AnswerAtHand): string {
  const parts: string[] = [];
  let count = 0;
  let cacheHits = 0;
  const failures: FailureEvent[] = [];
  for (const outcome of outcomes) {
    const insights = 'failure' in outcome ? [failureText(outcome)] : outcome.insights;
    if ('failure' in outcome) failures.push(failureOf(outcome));
    else if (outcome.isCached) cacheHits++;
    if (insights.length > 0) parts.push(itemsOf(insights));
    count += insights.length;
  }
  return (
    `{"data":[${parts.join()}],"count":${count},"cacheHits":${cacheHits},"failedCount":${failures.length},` +
    (failures.length > 0 ? `"failures":${JSON.stringify(failures)},` : '') +
    `"timestamp":"${new Date().toISOString()}","integrationNames":${JSON.stringify(expected)}}`
  );
}

const failureOf = ({ integration, failure: { id, reason } }: Failed): FailureEvent => ({ integration, id, reason });

/** ToolJump's extension knows no failures: it gets a text to show. */
function failureText({ integration, failure }: Failed): Insight {
  return {
    type: 'text',
    status: 'important',
    content: `${integration}: could not answer (${failure.reason}, ${failure.id})`,
  };
}

const written = new WeakMap<Insight[], string>();

function itemsOf(insights: Insight[]): string {
  const known = written.get(insights);
  if (known !== undefined) return known;
  const text = JSON.stringify(insights).slice(1, -1);
  written.set(insights, text);
  return text;
}
