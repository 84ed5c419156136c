import { once } from 'node:events';
import { createServer } from 'node:http';

/** An API of the company's that takes its time and answers each path with itself. */
export async function startUpstream(host: string, port: number, delayMs: number): Promise<() => void> {
  const server = createServer((request, response) => {
    request.resume();
    setTimeout(() => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ path: request.url }));
    }, delayMs);
  });
  server.listen(port, host);
  await once(server, 'listening');
  return () => {
    server.closeAllConnections();
    server.close();
  };
}
