import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterServer } from '../cluster.ts';
import { openLoop } from '../load.ts';
import { answers, type Entry, integrationFile, newPage, type Part, type Workload } from './workload.ts';

const PER_SECOND = 50;

const files = integrationFile('bench-goes-on', {
  cache: 0,
  run: 'return [{ type: "text", content: "Pull request " + context.page.section.pull }];',
});

function question() {
  const context = newPage();
  return { context, check: answers([`Pull request ${context.url.split('/').at(-1)}`]) };
}

/** Asks steadily; a third of the way something happens. One wrong answer ends the bench. */
const during = (name: string, happens: (server: ClusterServer) => Promise<void>): Part<ClusterServer> => ({
  name,
  title: `${name}; ${PER_SECOND} a second`,
  question,
  measure: async (server, size) => {
    const requests = size(400);
    const load = openLoop(server, question, { requests, perSecond: PER_SECOND });
    await sleep((requests * 1_000) / PER_SECOND / 3);
    await happens(server);
    const figures = await load;
    await server.cluster.isReady();
    return figures;
  },
});

export const fault: Workload<ClusterServer> = {
  name: 'fault',
  title: 'One trivial integration that may not be remembered, on three runners, while a part of the cluster breaks.',
  entries: ({ cluster }): Entry<ClusterServer>[] =>
    cluster === undefined ? [] : [{ id: 'ours', contender: cluster('fingerpost', { runners: 3 }), files }],
  parts: [
    during('nothing breaks', async () => {}),
    during('a runner is killed and started again', async ({ cluster }) => {
      const runner = cluster.service('runner-1');
      runner.signal('SIGKILL');
      await runner.ended;
      runner.startAgain();
    }),
    during('NATS restarts', async ({ cluster: { engines } }) => {
      await engines.nats.child.stop();
      await engines.nats.startAgain();
    }),
    during('Redis restarts', async ({ cluster: { engines } }) => {
      await engines.redis.child.stop();
      await engines.redis.startAgain();
    }),
  ],
  bars: [],
};
