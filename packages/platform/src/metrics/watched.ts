import { metrics } from './metrics.ts';

/** What is read when somebody looks, from everybody in this process who has it. */
const readers = new Map<string, Set<() => number | undefined>>();

/**
 * A gauge whose value is asked for when it is looked at. Where several in one process have it, the largest is told: of ages, lengths and lags
 * that is the one to know. @returns how to stop
 */
export function watchGauge(name: string, help: string, read: () => number | undefined): () => void {
  const all = readers.get(name) ?? new Set();
  readers.set(name, all);
  all.add(read);
  metrics.gauge({
    name,
    help,
    collect() {
      const values = [...all].flatMap((one) => one() ?? []);
      if (values.length > 0) this.set(Math.max(...values));
      else this.remove();
    },
  });
  return () => void all.delete(read);
}
