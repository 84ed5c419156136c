/** The product under load, watched by a real Prometheus and a collector of traces: what is drawn has data, and what is to ring rings. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Collector } from '../../e2e/collector.ts';
import { Ground } from '../../e2e/faults/ground.ts';
import { killSandboxOf } from '../../e2e/faults/kill-sandbox.ts';
import { Load } from '../../e2e/faults/load.ts';
import { githubPage, TOKEN } from '../../e2e/product.ts';
import { findPostgres } from '../../packages/platform/src/testing/postgres.ts';
import { findServer } from '../../packages/platform/src/testing/servers.ts';
import { Prometheus } from './testing/prometheus.ts';
import { alerts, drawn, metricsIn } from './testing/what-is-drawn.ts';

const programs = [findPostgres(), ...['nats-server', 'redis-server', 'bao', 'prometheus'].map(findServer)];
const ROLES = ['gateway', 'registry', 'runner', 'secrets'];

/** For one page alone, so that nobody else meets it. */
const only = (name: string, body: string) => `
module.exports = {
  metadata: { name: '${name}', match: { contextType: 'gitlab', context: { 'page.name': { equals: '${name}' } } }, cache: 0 },
  run: async function () { ${body} },
};`;
const traced = (host: string) => `
module.exports = {
  metadata: { name: 'traced', match: { contextType: 'gitlab', context: { 'page.name': { equals: 'traced' } } }, cache: 60, requiredSecrets: ['UPSTREAM_TOKEN'] },
  run: async function (context, secrets) {
    const answer = await fetch('http://${host}/traced', { headers: { Authorization: 'Bearer ' + secrets.UPSTREAM_TOKEN } });
    return [{ type: 'text', content: (await answer.json()).path }];
  },
};`;
let nonce = 0;
/** New every time: equal questions share one run. */
const page = (name: string) => ({ type: 'gitlab', url: `https://gitlab.com/acme/${++nonce}`, page: { name } });

(programs.every((path) => path !== undefined) ? describe : describe.skip)('the product, watched', () => {
  let ground: Ground;
  let collector: Collector;
  let prometheus: Prometheus;
  let load: Load;
  let failing: NodeJS.Timeout;
  const rows: string[] = [];

  const ask = (context: object, headers: Record<string, string> = {}) =>
    fetch(`${ground.cluster.url}/context`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(context),
    }).then((reply) => reply.text());

  beforeAll(async () => {
    collector = await Collector.start();
    ground = await Ground.start({
      runners: 2,
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, FINGERPOST_RUNS: '20' },
    });
    await ground.write('fails.integration.js', only('fails', `throw new Error('no');`));
    await ground.write(
      'slow.integration.js',
      only('slow', `await new Promise((go) => setTimeout(go, 4_000)); return [{ type: 'text', content: 'late' }];`),
    );
    await ground.write('traced.integration.js', traced(ground.upstream.host));
    await ground.write('hangs.integration.js', only('hangs', `[].indexOf.call({ length: 2 ** 53 - 1 }, 1);`));
    const ports = (role: string) =>
      [...ground.cluster.healthPorts].filter(([name]) => name.startsWith(role)).map(([, port]) => port);
    prometheus = await Prometheus.start(
      programs.at(-1)!,
      Object.fromEntries(ROLES.map((role) => [`fingerpost-${role}`, ports(role)])),
    );
    load = new Load({
      url: ground.cluster.url,
      token: TOKEN,
      perSecond: 10,
      page: (nonce) => githubPage(`acme/${nonce}`),
      judge: () => undefined,
    });
    await sleep(10_000);
    failing = setInterval(() => void ask(page('fails')).catch(() => {}), 500);
    await sleep(5_000);
  }, 180_000);

  afterAll(async () => {
    clearInterval(failing);
    await load?.stop();
    await prometheus?.stop();
    await ground?.stop();
    collector?.stop();
    console.log(['| alert | what was done | fired after |', '| --- | --- | --- |', ...rows].join('\n'));
  }, 120_000);

  it('has data for every query of every dashboard', async () => {
    const empty: unknown[] = [];
    for (const [board, panel, query] of drawn())
      if ((await prometheus.query(query)).length === 0) empty.push([board, panel, query]);
    expect(empty).toEqual([]);
  });

  it('has data for all that alerts look at', async () => {
    const names = alerts().flatMap(({ text }) => metricsIn(text));
    const empty: string[] = [];
    for (const name of new Set(names)) {
      const all = [name, `${name}_count`].map((one) => prometheus.query(one));
      if ((await Promise.all(all)).flat().length === 0) empty.push(name);
    }
    expect(empty).toEqual([]);
  });

  it('shows the whole way of one question, over NATS, in one trace', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const traceparent = `00-${traceId}-b7ad6b7169203331-00`;
    const askedAt = performance.now();
    await ask(page('traced'), { traceparent });
    const all = Math.round(performance.now() - askedAt);
    await fetch(`${ground.cluster.url}/page-times?all=${all}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, traceparent },
    });
    const way = [
      'page',
      'POST /context',
      'registry.match',
      'gateway.find-answer',
      'redis',
      'runner.run',
      'sandbox',
      'secrets.call',
      'secrets.unseal',
      'outbound',
    ];
    const spans = await collector.trace(traceId, way, 20_000);
    expect(new Set(spans.map(({ service }) => service))).toEqual(
      new Set(['page', ...ROLES].map((role) => `fingerpost-${role}`)),
    );
    const from = spans[0]!.startMs;
    console.log(
      spans
        .map(
          ({ service, name, startMs, endMs }) =>
            `${(startMs - from).toFixed(0).padStart(5)} ${(endMs - startMs).toFixed(1).padStart(7)} ms  ${service} ${name}`,
        )
        .join('\n'),
    );
  }, 60_000);

  const { engines, service } = {
    engines: () => ground.cluster.engines,
    service: (name: string) => ground.cluster.service(name),
  };
  const stopped = async (child: { stop(): Promise<unknown> }, again: () => void | Promise<void>, alert: string[]) => {
    await child.stop();
    const took = await firing(alert);
    await again();
    return took;
  };
  const firing = async (names: string[]) => await Promise.all(names.map((name) => prometheus.fires(name)));
  const many = (name: string, times: number) => Promise.all(Array.from({ length: times }, () => ask(page(name))));

  const rings: [what: string, alerts: string[], provoke: (alerts: string[]) => Promise<number[]>][] = [
    ['an integration fails', ['FingerpostIntegrationFails'], firing],
    [
      'a file that is none',
      ['FingerpostIntegrationsBroken'],
      async (names) => {
        await ground.write('none.integration.js', 'module.exports = {');
        return await firing(names);
      },
    ],
    [
      'a hundred questions at once, 4 s each, for 40 places',
      ['FingerpostRunnersFull', 'FingerpostFirstInsightLate', 'FingerpostAllInsightsLate'],
      async (names) => {
        const asking = Promise.all([many('slow', 100), sleep(4_000).then(() => many('slow', 100))]);
        const took = await firing(names);
        await asking;
        return took;
      },
    ],
    [
      'code that never stops, twice',
      ['FingerpostVersionPutAside'],
      async (names) => {
        for (let times = 0; times < 4; times++) await ask(page('hangs'));
        return await firing(names);
      },
    ],
    [
      'sandbox processes are killed',
      ['FingerpostSandboxKills'],
      async (names) => {
        for (let times = 0; times < 12; times++) {
          void many('slow', 8).catch(() => {});
          await sleep(700);
          killSandboxOf(service('runner-1').pid);
        }
        return await firing(names);
      },
    ],
    [
      'a runner is stopped',
      ['FingerpostServiceDown'],
      (names) => stopped(service('runner-2'), () => service('runner-2').startAgain(), names),
    ],
    [
      'Redis is stopped',
      ['FingerpostRedisDown'],
      (names) => stopped(engines().redis.child, () => engines().redis.startAgain(), names),
    ],
    [
      'Postgres is stopped',
      ['FingerpostPostgresDown'],
      async (names) => {
        let took: number[] = [];
        await engines().postgres.restart('fast', async () => (took = await firing(names)));
        return took;
      },
    ],
    [
      'Vault is sealed',
      ['FingerpostVaultDown'],
      async (names) => {
        await engines().vault.seal();
        const took = await firing(names);
        await engines().vault.unseal();
        return took;
      },
    ],
    [
      'both registries are held',
      ['FingerpostNoLeader', 'FingerpostGrantsOld'],
      async (names) => {
        const both = ['registry-1', 'registry-2'].map(service);
        for (const registry of both) registry.signal('SIGSTOP');
        const took = await firing(names);
        for (const registry of both) registry.signal('SIGCONT');
        return took;
      },
    ],
    [
      'the company’s tools do not answer',
      ['FingerpostOutboundFails'],
      async (names) => {
        ground.upstream.stop();
        return await firing(names);
      },
    ],
    [
      'the collector is away',
      ['FingerpostTracesLost'],
      async (names) => {
        collector.stop();
        return await firing(names);
      },
    ],
    [
      'NATS is stopped',
      [
        'FingerpostNatsDown',
        'FingerpostRunsFail',
        'FingerpostAvailabilityBurnsFast',
        'FingerpostAvailabilityBurnsSlowly',
      ],
      (names) => stopped(engines().nats.child, () => engines().nats.startAgain(), names),
    ],
  ];

  it.each(rings)(
    'rings when %s: %j',
    async (what, names, provoke) => {
      const before = await Promise.all(names.map((name) => prometheus.isFiring(name)));
      const took = await provoke(names);
      const after = (at: number) => (before[at] ? 'what went before' : `${(took[at]! / 1_000).toFixed(1)} s`);
      rows.push(...names.map((name, at) => `| ${name} | ${what} | ${after(at)} |`));
    },
    200_000,
  );
});
