/** What a made-up company's integrations say: of a repository and of a function the same, some at once and some late, as real ones do. */
import { SPEAKERS as DEMO, type Speaker } from '../demo/demo-answer.ts';

const ERROR_BUDGET: Speaker = {
  integration: 'error-budget',
  afterMs: 800,
  insight: { type: 'link', content: '99.97 % this month', href: 'https://acme.dev/slo', icon: 'prometheus' },
};
const LATE = ['error-budget', 'cost'];

/** In priority order. */
const SPEAKERS = DEMO.toSpliced(3, 0, ERROR_BUDGET);

const WHERE = { github: 'page.repository', aws: 'service.resourceName' };

/** As files of integrations. Nothing of it is kept, so that everything is streamed every time. */
export const madeUpCompany = (): Record<string, string> =>
  Object.fromEntries(
    (Object.keys(WHERE) as (keyof typeof WHERE)[]).flatMap((type) =>
      SPEAKERS.map((speaker, at) => [`${type}-${speaker.integration}.integration.js`, fileOf(type, speaker, 900 - at)]),
    ),
  );

const fileOf = (type: keyof typeof WHERE, { integration, afterMs, insight }: Speaker, priority: number) => `
module.exports = {
  metadata: {
    name: '${type === 'github' ? integration : `${type}-${integration}`}',
    match: { contextType: '${type}', context: { '${WHERE[type]}': { exists: true } } },
    cache: 0,
    priority: ${priority},
  },
  run: async () => {
    await new Promise((resolve) => setTimeout(resolve, ${LATE.includes(integration) ? afterMs : 0}));
    return [${JSON.stringify(insight)}];
  },
};
`;
