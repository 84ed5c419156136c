/** What a made-up company's integrations say: of a repository and of a function the same, some at once and some late, as real ones do. */
import type { Insight } from '@fingerpost/contracts';

interface Speaker {
  name: string;
  afterMs?: number;
  insight: Insight;
}

const link = (content: string, path: string) => ({ type: 'link' as const, content, href: `https://acme.dev/${path}` });

/** In priority order. */
const SPEAKERS: Speaker[] = [
  {
    name: 'incidents',
    insight: {
      ...link('No open incident', 'incidents'),
      status: 'success',
      icon: 'pagerduty',
      tooltip: 'The last one was 12 days ago',
    },
  },
  {
    name: 'service-owner',
    insight: { ...link('Team Checkout', 'team'), icon: 'team', tooltip: 'On call: Ana, until 18:00' },
  },
  {
    name: 'deployments',
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
  { name: 'error-budget', afterMs: 800, insight: { ...link('99.97 % this month', 'slo'), icon: 'prometheus' } },
  { name: 'logs', insight: { ...link('Logs', 'logs'), icon: 'datadog' } },
  {
    name: 'cost',
    afterMs: 700,
    insight: {
      type: 'text',
      content: '412 € this month',
      icon: 'aws-cost',
      status: 'relevant',
      tooltip: '9 % more than last month',
    },
  },
];

const WHERE = { github: 'page.repository', aws: 'service.resourceName' };

/** As files of integrations. Nothing of it is kept, so that everything is streamed every time. */
export const madeUpCompany = (): Record<string, string> =>
  Object.fromEntries(
    (Object.keys(WHERE) as (keyof typeof WHERE)[]).flatMap((type) =>
      SPEAKERS.map((speaker, at) => [`${type}-${speaker.name}.integration.js`, fileOf(type, speaker, 900 - at)]),
    ),
  );

const fileOf = (type: keyof typeof WHERE, { name, afterMs = 0, insight }: Speaker, priority: number) => `
module.exports = {
  metadata: {
    name: '${type === 'github' ? name : `${type}-${name}`}',
    match: { contextType: '${type}', context: { '${WHERE[type]}': { exists: true } } },
    cache: 0,
    priority: ${priority},
  },
  run: async () => {
    await new Promise((resolve) => setTimeout(resolve, ${afterMs}));
    return [${JSON.stringify(insight)}];
  },
};
`;
