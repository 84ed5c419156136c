import { metrics } from '@fingerpost/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Counts and times every request by its route's pattern, never by its address: there are few routes and many addresses. */
export function countRequests() {
  const requests = metrics.counter({
    name: 'fingerpost_http_requests_total',
    help: 'HTTP requests by route and status.',
    labelNames: ['route', 'status'],
  });
  const seconds = metrics.histogram({
    name: 'fingerpost_http_request_seconds',
    help: 'Time from the request to the end of its answer, by route.',
    labelNames: ['route'],
    buckets: [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const countOf = remembered((key) => requests.labels(...(key.split(' ') as [string, string])));
  const timeOf = remembered((route) => seconds.labels(route));
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    countOf(`${route} ${reply.statusCode}`).inc();
    timeOf(route).observe(reply.elapsedTime / 1_000);
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
