import { metrics } from './metrics.ts';

type Engine = 'nats' | 'redis' | 'postgres' | 'vault';

/** Whether an engine that this process needs answers it: 1 or 0, and nothing where none is configured. */
export function linkTo(engine: Engine): (isUp: boolean) => void {
  const up = metrics.gauge({
    name: 'fingerpost_link_up',
    help: '1 while the engine answers this process, 0 while it does not.',
    labelNames: ['engine'],
  });
  return (isUp) => up.labels(engine).set(isUp ? 1 : 0);
}
