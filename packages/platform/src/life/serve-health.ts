import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { addresses, addressMatcher } from '../config/addresses.ts';
import { host, listenPort, SettingsError, type SettingsSpec } from '../config/settings.ts';
import { metrics } from '../metrics/metrics.ts';

export const healthSettings = {
  // Where probes and Prometheus ask: /health/live, /health/ready, /metrics.
  port: ['HEALTH_PORT', listenPort({ default: undefined })],
  // The address it listens on; all of them without it: probes come from outside the process's network namespace, an image's HEALTHCHECK from inside.
  host: ['HEALTH_HOST', host({ default: undefined })],
  // Who may ask from elsewhere; all may without it.
  callers: ['HEALTH_CALLERS', addresses({ default: [] })],
} as const satisfies SettingsSpec;

/** Where in its life a process is. */
export type Stage = 'starting' | 'started' | 'closing';

// Probes are small and quick. Whoever holds a connection without asking would keep them out, and have a healthy process ended.
const PATIENCE_MS = 1_000;
const LIMITS = {
  headersTimeout: PATIENCE_MS,
  requestTimeout: PATIENCE_MS,
  connectionsCheckingInterval: PATIENCE_MS / 2,
};
const MOST_CONNECTIONS = 100;

export interface HealthDoor {
  port: number;
  /** to listen on; without it on all */
  host?: string | undefined;
  /** addresses and ranges that may ask, beside this machine; none: all */
  callers?: readonly string[];
}

/** Answers probes for as long as the process lives. */
export async function serveHealth({ port, host, callers = [] }: HealthDoor, stage: () => Stage): Promise<void> {
  const isCaller = addressMatcher(callers);
  const server = createServer({ ...LIMITS, maxHeaderSize: 4_096 }, answerFor(stage));
  server.maxConnections = MOST_CONNECTIONS;
  server.on('connection', (socket) => {
    const from = socket.remoteAddress ?? '';
    if (!isHere(from) && !isCaller(from)) socket.destroy();
  });
  server.unref();
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new SettingsError([`HEALTH_PORT: ${port} cannot be opened (${error.code}); choose another port`]);
  });
}

const isHere = addressMatcher(['127.0.0.0/8', '::1']);

const answerFor =
  (stage: () => Stage): RequestListener =>
  ({ url }, response) => {
    if (url === '/metrics') return void sendMetrics(response);
    const isWell = { '/health/live': true, '/health/ready': stage() === 'started' }[url ?? ''];
    response.writeHead(isWell === undefined ? 404 : isWell ? 200 : 503, {
      'content-type': 'application/json',
      connection: 'close',
    });
    response.end(JSON.stringify({ status: isWell === undefined ? 'unknown' : stage() }));
  };

async function sendMetrics(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': metrics.contentType, connection: 'close' });
  response.end(await metrics.text());
}
