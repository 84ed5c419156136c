import {
  Counter,
  type CounterConfiguration,
  collectDefaultMetrics,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  register,
} from 'prom-client';

/** Prometheus metrics of this process. Asking twice for a name gives the same metric: services may share a process. */
export const metrics = {
  counter: <L extends string>(config: CounterConfiguration<L>): Counter<L> =>
    (register.getSingleMetric(config.name) as Counter<L> | undefined) ?? new Counter(config),
  gauge: <L extends string>(config: GaugeConfiguration<L>): Gauge<L> =>
    (register.getSingleMetric(config.name) as Gauge<L> | undefined) ?? new Gauge(config),
  histogram: <L extends string>(config: HistogramConfiguration<L>): Histogram<L> =>
    (register.getSingleMetric(config.name) as Histogram<L> | undefined) ?? new Histogram(config),
  /** The text format that Prometheus scrapes. */
  text: (): Promise<string> => {
    if (register.getSingleMetric('process_cpu_user_seconds_total') === undefined) collectDefaultMetrics();
    return register.metrics();
  },
  contentType: register.contentType,
};
