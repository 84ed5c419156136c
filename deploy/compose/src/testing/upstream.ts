import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

/** An API of the company's that takes its time and answers each path with itself, and with a hash of the caller's credentials. */
export async function startUpstream(host: string, port: number, delayMs: number): Promise<() => void> {
  const server = createServer((request, response) => {
    request.resume();
    setTimeout(() => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ path: request.url, caller: callerBy(request.headers.authorization) }));
    }, delayMs);
  });
  server.listen(port, host);
  await once(server, 'listening');
  return () => {
    server.closeAllConnections();
    server.close();
  };
}

/** What a value says comes back from nowhere in clear. */
export const callerBy = (authorization = ''): string => hash('sha256', authorization);
