import { valueBar } from '../bars.ts';
import { streamed } from '../load.ts';
import { answers, integrationFile, newPage, type Workload } from './workload.ts';

const WAITERS = Array.from({ length: 10 }, (_, index) => `bench-wait-${index}`);

const files = Object.assign(
  {},
  ...WAITERS.map((name) =>
    integrationFile(name, {
      cache: 0,
      run: `await new Promise((resolve) => setTimeout(resolve, 100));
    return [{ type: 'text', content: '${name} waited for ' + context.page.section.pull }];`,
    }),
  ),
);

function question() {
  const context = newPage();
  const number = context.url.split('/').at(-1);
  return { context, check: answers(WAITERS.map((name) => `${name} waited for ${number}`)) };
}

export const fanOut: Workload = {
  name: 'fan-out',
  title: 'Ten integrations that wait 100 ms each: side by side they take little more than one.',
  entries: (cast) => [
    { id: 'ours', contender: cast.ours(), files, against: 'yardstick' },
    { id: 'yardstick', contender: cast.yardstick, files },
  ],
  parts: [
    {
      name: 'all',
      title: 'until all ten insights are there',
      question,
      measure: (target, size) =>
        streamed(target, question, { requests: size(20), until: (arrivals) => arrivals.at(-1)!.ms }),
    },
  ],
  bars: [
    valueBar({ part: 'all', figure: 'p50Ms', of: 'ours', atMost: 150, from: 'issue 2' }),
    valueBar({ part: 'all', figure: 'p50Ms', of: 'ours', atMost: 130, from: 'design' }),
  ],
};
