import { ratioBar } from '../bars.ts';
import { closedLoop } from '../load.ts';
import { answers, integrationFile, type Workload, webshopPage } from './workload.ts';

const files = integrationFile('bench-cached', {
  cache: 3_600,
  run: 'return [{ type: "text", content: "Owner of " + context.page.repository }];',
});

const question = () => ({ context: webshopPage(1), check });
const check = answers(['Owner of acme/webshop']);

export const cached: Workload = {
  name: 'cached',
  title: 'One trivial integration, the same page again and again: the answer is remembered.',
  entries: (cast) => [
    { id: 'ours', contender: cast.ours(), files, against: 'yardstick' },
    { id: 'yardstick', contender: cast.yardstick, files },
  ],
  parts: [
    {
      name: 'saturated',
      title: '16 at a time',
      question,
      measure: (target, size) => closedLoop(target, question, { requests: size(20_000), lanes: 16 }),
    },
  ],
  bars: [
    ratioBar({
      part: 'saturated',
      figure: 'requestsPerSecond',
      of: 'ours',
      to: 'yardstick',
      atLeast: 4,
      from: 'issue 2',
    }),
    ratioBar({
      part: 'saturated',
      figure: 'requestsPerSecond',
      of: 'ours',
      to: 'yardstick',
      atLeast: 6,
      from: 'design',
    }),
  ],
};
