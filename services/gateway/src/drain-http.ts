import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Connections that the system has accepted and we have not: closing the door now would reset them. */
const LAST_ARRIVALS_MS = 200;
const SWEEP_MS = 50;
const PATIENCE_MS = 20_000;

/**
 * Closes a server whose requests in flight are all answered first. A connection that was busy when closing began stays open for
 * its next request: it is swept away as soon as it is idle. Whoever has not finished sending after a while is cut off.
 */
export async function drainHttp(server: Server, close: () => Promise<void>, patienceMs = PATIENCE_MS): Promise<void> {
  await sleep(LAST_ARRIVALS_MS);
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const giveUp = setTimeout(() => server.closeAllConnections(), patienceMs);
  try {
    await close();
  } finally {
    clearInterval(sweep);
    clearTimeout(giveUp);
  }
}
