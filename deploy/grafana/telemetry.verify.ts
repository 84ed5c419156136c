/** The product under load, watched by a real Prometheus and a collector of traces: what is drawn has data, and what is to ring rings. */
import { findServer } from '@fingerpost/platform/testing';
import { describeOnCluster } from '../../e2e/cluster/describe-on-cluster.ts';
import { ROLES, Watched } from './testing/watched.ts';
import { alerts, drawn, metricsIn } from './testing/what-is-drawn.ts';
import { RINGS } from './testing/what-rings.ts';

const prometheus = findServer('prometheus');

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const WAY = [
  ...['page', 'POST /context', 'registry.match', 'gateway.find-answer', 'redis', 'runner.run', 'sandbox'],
  ...['secrets.call', 'secrets.unseal', 'outbound'],
];

describeOnCluster('the product, watched', () => {
  let watched: Watched;
  const rows = ['| alert | what was done | rang after |', '| --- | --- | --- |'];

  beforeAll(async () => {
    watched = await Watched.start(prometheus!);
  }, 180_000);
  afterAll(async () => {
    console.log(rows.join('\n'));
    await watched?.stop();
  }, 120_000);

  const hasData = async (query: string) => (await watched.prometheus.query(query)).length > 0;

  it('has data for every query of every dashboard', async () => {
    const empty: string[][] = [];
    for (const panel of drawn()) if (!(await hasData(panel[2]))) empty.push(panel);
    expect(empty).toEqual([]);
  });

  it('has data for all that alerts look at', async () => {
    const empty: string[] = [];
    for (const name of new Set(alerts().flatMap(({ text }) => metricsIn(text))))
      if (!(await hasData(`${name} or ${name}_count`))) empty.push(name);
    expect(empty).toEqual([]);
  });

  it('shows the whole way of one question, over NATS, in one trace', async () => {
    const traceparent = `00-${TRACE_ID}-b7ad6b7169203331-00`;
    const askedAt = performance.now();
    await watched.ask('traced', { traceparent });
    await watched.send(`/page-times?all=${Math.round(performance.now() - askedAt)}`, undefined, { traceparent });
    const spans = await watched.collector.trace(TRACE_ID, WAY, 20_000);
    const services = new Set(spans.map(({ service }) => service));
    expect(services).toEqual(new Set(['page', ...ROLES].map((role) => `fingerpost-${role}`)));
    const lines = spans.map(({ service, name, startMs, endMs }) =>
      [Math.round(startMs - spans[0]!.startMs), (endMs - startMs).toFixed(1), service, name].join('  '),
    );
    console.log(lines.join('\n'));
  }, 60_000);

  it.each(RINGS)(
    'rings when $what: $alerts',
    async ({ what, alerts, breakIt, mendIt = () => {} }) => {
      const before = await Promise.all(alerts.map((alert) => watched.prometheus.isFiring(alert)));
      await breakIt(watched);
      const took = await Promise.all(alerts.map((alert) => watched.prometheus.fires(alert)));
      await mendIt(watched);
      const after = (at: number) => (before[at] ? 'of what went before' : `${(took[at]! / 1_000).toFixed(1)} s`);
      rows.push(...alerts.map((alert, at) => `| ${alert} | ${what} | ${after(at)} |`));
    },
    200_000,
  );
}, ['prometheus']);
