import { linkTo, metrics } from '@fingerpost/platform';

type Outcome = 'answered' | 'refused' | 'timed_out' | 'unreachable' | 'skipped';

/** How Redis does. `skipped`: not asked, because it had just failed or owed too much. */
export function countAsks() {
  const asks = metrics.counter({
    name: 'fingerpost_gateway_redis_requests_total',
    help: 'Questions to Redis by what became of them.',
    labelNames: ['outcome'],
  });
  const open = metrics.gauge({
    name: 'fingerpost_gateway_redis_breaker_open',
    help: '1 while Redis is not asked because it failed.',
  });
  const link = linkTo('redis');
  link(false);
  return {
    ask: (outcome: Outcome) => asks.labels(outcome).inc(),
    isOpen: (is: boolean) => open.set(is ? 1 : 0),
    isHere: link,
  };
}

/** What lay there. `forged`: not written by a gateway of ours, or too large to be. */
export function countReads() {
  const reads = metrics.counter({
    name: 'fingerpost_gateway_shared_cache_reads_total',
    help: 'Reads of the cache that gateways share, by what was found.',
    labelNames: ['found'],
  });
  reads.labels('forged').inc(0); // there from the start: the first one is to be seen
  return (found: 'hit' | 'miss' | 'forged') => reads.labels(found).inc();
}
