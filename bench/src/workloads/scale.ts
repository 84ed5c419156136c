import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ratioBar } from '../bars.ts';
import type { ClusterServer } from '../cluster.ts';
import { closedLoop } from '../load.ts';
import { answers, integrationFile, newPage, type Workload } from './workload.ts';

const RUNNERS = [1, 2, 4];
const IN_FLIGHT_EACH = 20;
const UPSTREAM_MS = 500;

function question() {
  const context = newPage();
  return { context, check: answers([`Slow answer about ${context.url.split('/').at(-1)}`]) };
}

export const scale: Workload<ClusterServer> = {
  name: 'scale',
  title: `An integration that waits ${UPSTREAM_MS} ms for an upstream; 1, 2 and 4 runners with ${IN_FLIGHT_EACH} runs in flight each.`,
  entries: async ({ cluster }) => {
    if (cluster === undefined) return [];
    const upstream = await slowUpstream();
    const files = integrationFile('bench-waits', {
      cache: 0,
      run: `const answer = await fetch('http://${upstream}/' + context.page.section.pull);
    return [{ type: 'text', content: 'Slow answer about ' + await answer.text() }];`,
    });
    return RUNNERS.map((runners) => ({
      id: `runners-${runners}`,
      contender: cluster('cluster', { runners, settings: { FINGERPOST_OUTBOUND_ALLOW: upstream } }),
      files,
      note: `${runners} ${runners === 1 ? 'runner' : 'runners'}`,
      ...(runners > 1 && { against: 'runners-1' }),
    }));
  },
  parts: [
    {
      name: 'saturated',
      title: `${IN_FLIGHT_EACH} at a time for each runner`,
      question,
      measure: (target, size) => {
        const runners = target.cluster.named('runner').length;
        return closedLoop(target, question, { requests: size(400 * runners), lanes: IN_FLIGHT_EACH * runners });
      },
    },
  ],
  bars: RUNNERS.slice(1).map((runners) =>
    ratioBar({
      part: 'saturated',
      figure: 'requestsPerSecond',
      of: `runners-${runners}`,
      to: 'runners-1',
      atLeast: 0.9 * runners,
      from: 'design',
    }),
  ),
};

/** Ends with us. @returns host and port */
async function slowUpstream(): Promise<string> {
  const server = createServer(({ url }, response) => {
    setTimeout(() => response.end(url!.slice(1)), UPSTREAM_MS);
  }).listen(0, '127.0.0.1');
  server.unref();
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
