import type { AnswerEvent } from '@fingerpost/bar';
import type { Insight, PageContext } from '@fingerpost/contracts';

/** An integration that says one thing, after a while. */
export interface Speaker {
  integration: string;
  afterMs: number;
  insight: Insight;
}

const link = (content: string, path: string) => ({ type: 'link' as const, content, href: `https://acme.dev/${path}` });

/** A made-up organisation's answer, for whoever looks at the extension before there is a gateway. Arrives as a real one does: bit by bit. */
export const SPEAKERS: readonly Speaker[] = [
  {
    integration: 'incidents',
    afterMs: 350,
    insight: {
      ...link('No open incident', 'incidents'),
      status: 'success',
      icon: 'pagerduty',
      tooltip: 'The last one was 12 days ago',
    },
  },
  {
    integration: 'service-owner',
    afterMs: 90,
    insight: { ...link('Team Checkout', 'team'), icon: 'team', tooltip: 'On call: Ana, until 18:00' },
  },
  {
    integration: 'deployments',
    afterMs: 500,
    insight: {
      type: 'dropdown',
      content: 'Deployments',
      icon: 'rocket',
      items: [
        { ...link('Production EU: v4.18.2', 'deployments/eu'), status: 'success' },
        { ...link('Production US: v4.18.1', 'deployments/us'), status: 'relevant', tooltip: 'One version behind' },
        link('Staging: v4.19.0-rc.1', 'deployments/staging'),
      ],
    },
  },
  { integration: 'logs', afterMs: 60, insight: { ...link('Logs', 'logs'), icon: 'datadog' } },
  {
    integration: 'cost',
    afterMs: 800,
    insight: {
      type: 'text',
      content: '412 € this month',
      icon: 'aws-cost',
      status: 'relevant',
      tooltip: '9 % more than last month',
    },
  },
];

export async function demoAnswer(
  _context: PageContext,
  onEvent: (event: AnswerEvent) => void,
  signal: AbortSignal,
): Promise<undefined> {
  const startedAt = performance.now();
  onEvent({ name: 'expected', data: { integrations: SPEAKERS.map(({ integration }) => integration) } });
  await Promise.all(
    SPEAKERS.map(async ({ integration, afterMs, insight }) => {
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      if (!signal.aborted)
        onEvent({ name: 'insight', data: { integration, index: 0, insight, isCached: false, isStale: false } });
    }),
  );
  const tookMs = Math.round(performance.now() - startedAt);
  if (!signal.aborted)
    onEvent({ name: 'done', data: { count: SPEAKERS.length, cacheHits: 0, failedCount: 0, tookMs } });
}
