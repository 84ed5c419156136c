import { once } from 'node:events';
import { createServer } from 'node:http';
import { listenPort, type SettingsSpec } from '../config/settings.ts';

export const healthSettings = {
  // Where probes ask a service that has no other door: /health/live, /health/ready.
  port: ['HEALTH_PORT', listenPort({ default: undefined })],
} as const satisfies SettingsSpec;

/** Where in its life a process is. */
export type Stage = 'starting' | 'started' | 'closing';

/** Answers probes for as long as the process lives. They come from outside its network namespace, so it listens on every address. */
export async function serveHealth(port: number, stage: () => Stage): Promise<void> {
  const server = createServer((request, response) => {
    const isReady = request.url === '/health/live' || (request.url === '/health/ready' && stage() === 'started');
    const isKnown = isReady || request.url === '/health/ready';
    response.writeHead(isReady ? 200 : isKnown ? 503 : 404, { 'content-type': 'application/json' });
    response.end(isKnown ? JSON.stringify({ status: stage() }) : undefined);
  });
  // Probes are small and quick; whoever is not has no business here.
  server.maxConnections = 20;
  server.requestTimeout = 2_000;
  server.unref();
  server.listen(port);
  await once(server, 'listening');
}
