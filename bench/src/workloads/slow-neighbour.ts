import { valueBar } from '../bars.ts';
import { streamed } from '../load.ts';
import { answers, integrationFile, newPage, type Workload } from './workload.ts';

const FAST = Array.from({ length: 9 }, (_, index) => `bench-fast-${index}`);
const SLOW = 'bench-slow';

const files = Object.assign(
  integrationFile(SLOW, {
    cache: 0,
    run: `await new Promise((resolve) => setTimeout(resolve, 3_000));
    return [{ type: 'text', content: '${SLOW} ' + context.page.section.pull }];`,
  }),
  ...FAST.map((name) =>
    integrationFile(name, {
      cache: 0,
      run: `return [{ type: 'text', content: '${name} ' + context.page.section.pull }];`,
    }),
  ),
);

function question() {
  const context = newPage();
  const number = context.url.split('/').at(-1);
  return { context, check: answers([...FAST, SLOW].map((name) => `${name} ${number}`)) };
}

export const slowNeighbour: Workload = {
  name: 'slow-neighbour',
  title: 'Nine fast integrations and one that takes 3 s: the nine need not wait for it.',
  entries: (cast) => [
    { id: 'ours', contender: cast.ours(), files, against: 'yardstick' },
    { id: 'yardstick', contender: cast.yardstick, files },
  ],
  parts: [
    {
      name: 'nine',
      title: 'until the nine are there; a server without an event stream delivers all at the end',
      question,
      measure: (target, size) =>
        streamed(target, question, {
          requests: size(3),
          until: (arrivals) => arrivals.filter(({ content }) => !content.startsWith(SLOW)).at(-1)!.ms,
        }),
    },
  ],
  bars: [
    valueBar({ part: 'nine', figure: 'p50Ms', of: 'ours', atMost: 100, from: 'issue 2' }),
    valueBar({ part: 'nine', figure: 'p50Ms', of: 'ours', atMost: 50, from: 'design' }),
  ],
};
