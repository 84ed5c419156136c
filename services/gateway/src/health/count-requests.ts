import { metrics } from '@fingerpost/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Counts and times every request by its route's pattern, never by its address: there are few routes and many addresses. */
export function countRequests() {
  const seconds = metrics.histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request to the end of its answer, by route and status.',
    labelNames: ['route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const timeOf = remembered((key) => seconds.labels(...(key.split(' ') as [string, string])));
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    timeOf(`${route} ${reply.statusCode}`).observe(reply.elapsedTime / 1_000);
    done();
  };
}

// Looking a label up costs more than counting.
function remembered<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    const value = known.get(key) ?? make(key);
    known.set(key, value);
    return value;
  };
}
