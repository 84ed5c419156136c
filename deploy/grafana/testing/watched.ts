import { setTimeout as sleep } from 'node:timers/promises';
import { Ground } from '../../../e2e/cluster/ground.ts';
import { Load } from '../../../e2e/cluster/load.ts';
import { Collector } from '../../../e2e/collector.ts';
import { githubPage, TOKEN } from '../../../e2e/product.ts';
import { Prometheus } from './prometheus.ts';

export const ROLES = ['gateway', 'registry', 'runner', 'secrets'];
const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };

/** A file for one page alone, so that nobody else meets it. */
const only = (name: string, body: string, metadata = 'cache: 0') => `
module.exports = {
  metadata: { name: '${name}', match: { contextType: 'gitlab', context: { 'page.name': { equals: '${name}' } } }, ${metadata} },
  run: async function (context, secrets) { ${body} },
};`;

const filesFor = (host: string): Record<string, string> => ({
  fails: only('fails', `throw new Error('no');`),
  slow: only('slow', `await new Promise((go) => setTimeout(go, 4_000)); return [{ type: 'text', content: 'late' }];`),
  hangs: only('hangs', `[].indexOf.call({ length: 2 ** 53 - 1 }, 1);`),
  traced: only(
    'traced',
    `const answer = await fetch('http://${host}/traced', { headers: { Authorization: 'Bearer ' + secrets.UPSTREAM_TOKEN } });
     return [{ type: 'text', content: (await answer.json()).path }];`,
    `cache: 60, requiredSecrets: ['UPSTREAM_TOKEN']`,
  ),
});

/** A cluster under load, some of whose questions always fail, with a Prometheus and a collector of traces that watch it. */
export class Watched {
  private nonce = 0;
  private readonly failing = setInterval(() => void this.ask('fails').catch(() => {}), 500);

  private constructor(
    readonly ground: Ground,
    readonly prometheus: Prometheus,
    readonly collector: Collector,
    private readonly load: Load,
  ) {}

  static async start(program: string): Promise<Watched> {
    const collector = await Collector.start();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, FINGERPOST_RUNS: '20' };
    const ground = await Ground.start({ runners: 2, env });
    const { url, healthPorts } = ground.cluster;
    for (const [name, text] of Object.entries(filesFor(ground.upstream.host)))
      await ground.write(`${name}.integration.js`, text);
    const ports = (role: string) => [...healthPorts].flatMap(([name, port]) => (name.startsWith(role) ? port : []));
    const targets = Object.fromEntries(ROLES.map((role) => [`fingerpost-${role}`, ports(role)]));
    const page = (nonce: string) => githubPage(`acme/${nonce}`);
    const load = new Load({ url, token: TOKEN, perSecond: 10, page, judge: () => undefined });
    const watched = new Watched(ground, await Prometheus.start(program, targets), collector, load);
    await sleep(15_000);
    return watched;
  }

  /** About a page that is new every time: equal questions share one run. */
  ask(name: string, more: Record<string, string> = {}): Promise<string> {
    const context = { type: 'gitlab', url: `https://gitlab.com/acme/${++this.nonce}`, page: { name } };
    return this.send('/context', JSON.stringify(context), more);
  }

  askMany(name: string, times: number): Promise<unknown> {
    return Promise.all(Array.from({ length: times }, () => this.ask(name)));
  }

  async send(path: string, body?: string, more: Record<string, string> = {}): Promise<string> {
    const all = { ...headers, ...more };
    if (body === undefined) delete (all as Partial<typeof headers>)['content-type'];
    return (await fetch(this.ground.cluster.url + path, { method: 'POST', headers: all, body })).text();
  }

  async stop(): Promise<void> {
    clearInterval(this.failing);
    await this.load.stop();
    await this.prometheus.stop();
    await this.ground.stop();
    this.collector.stop();
  }
}
