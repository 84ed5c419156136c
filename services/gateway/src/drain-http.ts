import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Who is on the threshold, connected but not yet heard, would be reset by a door that closes now. */
const QUIET_MS = 250;
const MOST_WAITING_MS = 3_000;
const SWEEP_MS = 50;
const PATIENCE_MS = 20_000;

/**
 * Closes the door, and when all requests in flight are answered the rest. A connection that was busy when closing began stays open for
 * its next request: it is swept away as soon as it is idle. Whoever has not finished sending after a while is cut off.
 */
export async function drainHttp(server: Server, close: () => Promise<void>, patienceMs = PATIENCE_MS): Promise<void> {
  await untilQuiet(server);
  await untilAllAreIn();
  const doorIsShut = new Promise((resolve) => server.close(resolve));
  server.prependListener('request', (_, response) => response.setHeader('connection', 'close'));
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const giveUp = setTimeout(() => server.closeAllConnections(), patienceMs);
  try {
    await doorIsShut;
    await close();
  } finally {
    clearInterval(sweep);
    clearTimeout(giveUp);
  }
}

/** This turn has let in whoever stood there; what closes in it resets hardly anybody. Later in `close`, after other work, it would. */
const untilAllAreIn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Nobody new for a moment; under steady load that moment may not come, and then it is for the balancer to look elsewhere. */
async function untilQuiet(server: Server): Promise<void> {
  const startedAt = performance.now();
  let lastArrival = startedAt;
  const onArrival = () => {
    lastArrival = performance.now();
  };
  server.on('connection', onArrival).on('request', onArrival);
  while (performance.now() - lastArrival < QUIET_MS && performance.now() - startedAt < MOST_WAITING_MS) await sleep(25);
  server.off('connection', onArrival).off('request', onArrival);
}
