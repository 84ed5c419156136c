import { ratioBar } from '../bars.ts';
import { closedLoop, openLoop } from '../load.ts';
import { answers, integrationFile, newPage, type Workload } from './workload.ts';

const files = integrationFile('bench-uncached', {
  cache: 0,
  run: 'return [{ type: "text", content: "Pull request " + context.page.section.pull }];',
});

// A new page every time: askers of the same page may share one run, and then a run would be counted that never was.
function question() {
  const context = newPage();
  return { context, check: answers([`Pull request ${context.url.split('/').at(-1)}`]) };
}

export const uncached: Workload = {
  name: 'uncached',
  title:
    'One trivial integration that may not be remembered (cache: 0), a new page every time: every request is a run.',
  entries: (cast) => [
    ...(cast.isRemote
      ? [{ id: 'ours', contender: cast.ours(), files, against: 'yardstick' }]
      : (['fresh', 'clean', 'warm'] as const).map((id) => ({
          id,
          contender: cast.ours(id),
          files,
          against: 'yardstick',
        }))),
    { id: 'yardstick', contender: cast.yardstick, files },
  ],
  parts: [
    {
      name: 'alone',
      title: 'one at a time, 20 a second',
      question,
      measure: (target, size) => openLoop(target, question, { requests: size(100), perSecond: 20 }),
    },
    {
      name: 'saturated',
      title: '8 at a time',
      question,
      measure: (target, size) => closedLoop(target, question, { requests: size(1_500), lanes: 8 }),
    },
  ],
  bars: [
    ratioBar({ part: 'alone', figure: 'p50Ms', of: 'clean', to: 'yardstick', atMost: 1, from: 'issue 2, design' }),
    ratioBar({ part: 'alone', figure: 'p50Ms', of: 'fresh', to: 'yardstick', atMost: 1, from: 'issue 2, design' }),
    ratioBar({
      part: 'saturated',
      figure: 'cpuMsPerRequest',
      of: 'warm',
      to: 'yardstick',
      atMost: 1 / 4,
      from: 'design, there over NATS',
    }),
    ratioBar({
      part: 'saturated',
      figure: 'cpuMsPerRequest',
      of: 'clean',
      to: 'yardstick',
      atMost: 2 / 3,
      from: 'design, there over NATS',
    }),
    ratioBar({
      part: 'saturated',
      figure: 'cpuMsPerRequest',
      of: 'fresh',
      to: 'yardstick',
      atMost: 1.4,
      from: 'design, there over NATS',
    }),
    ratioBar({ part: 'alone', figure: 'p50Ms', of: 'ours', to: 'yardstick', atMost: 1, from: 'issue 2, design' }),
  ],
};
