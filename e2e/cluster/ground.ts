import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContextAnswer } from '@fingerpost/contracts';
import { Cluster, type ClusterOptions } from '@fingerpost/local';
import { freePort } from '@fingerpost/platform/testing';
import { githubPage, integration } from '../product.ts';
import { Upstream } from '../upstream.ts';
import { type Asked, Load, type LoadOptions, percentile } from './load.ts';

export const TOKEN = 'the token of these tests';
const SECRET = 'upstream-token-0123456789';
/** Fewer where the machine has other things to do: each question is four runs. */
const PER_SECOND = Number(process.env.FINGERPOST_PER_SECOND ?? 20);
const SETTLED_MS = 4_000;
/** Whoever waits longer than this has been told late: no integration here takes more than a fraction of it. */
const LATE_MS = 3_000;

export interface Break {
  breakIt: () => Promise<void> | void;
  forMs?: number;
  mendIt?: () => Promise<void> | void;
}

/** What was seen by people who went on asking while something was done. */
export interface Seen {
  asked: number;
  failed: Asked[];
  late: number;
  /** POSTs that reached the upstream twice */
  repeated: string[];
  quietP99Ms: number;
  p99Ms: number;
}

/** A cluster that people ask steadily: one integration only computes, one is lent a secret for a GET, one is kept for a while, one POSTs. */
export class Ground {
  private constructor(
    readonly cluster: Cluster,
    readonly upstream: Upstream,
    readonly folder: string,
    private readonly integrations: string,
  ) {}

  static async start(more: Partial<ClusterOptions> = {}): Promise<Ground> {
    const upstream = await Upstream.start(SECRET, 50);
    const integrations = await mkdtemp(join(tmpdir(), 'fingerpost-faults-code-'));
    for (const [name, text] of Object.entries(filesFor(upstream.host))) await writeFile(join(integrations, name), text);
    const ground = await Ground.onCluster(upstream, integrations, more);
    const value = { data: { value: SECRET } };
    await ground.cluster.engines.vault.send('POST', 'secret/data/fingerpost/UPSTREAM_TOKEN', value);
    try {
      await ground.isWhole();
    } catch (error) {
      await ground.stop();
      throw error;
    }
    return ground;
  }

  /** The same integrations and upstream, on another cluster; `prepare` may put something where its engines will look. */
  async onAnother({ prepare, ...more }: Partial<ClusterOptions> & { prepare?: (folder: string) => Promise<void> }) {
    return await Ground.onCluster(this.upstream, this.integrations, more, prepare);
  }

  private static async onCluster(
    upstream: Upstream,
    integrations: string,
    more: Partial<ClusterOptions>,
    prepare: (folder: string) => Promise<void> = async () => {},
  ): Promise<Ground> {
    const folder = await mkdtemp(join(tmpdir(), 'fingerpost-faults-'));
    await prepare(folder);
    const cluster = await Cluster.start({
      ...{ folder, port: await freePort(), gateways: 2, registries: 2, runners: 3, secrets: 2, onLine: () => {} },
      ...more,
      env: {
        FINGERPOST_INTEGRATIONS: integrations,
        FINGERPOST_TOKEN: TOKEN,
        FINGERPOST_RATE_LIMIT: '0',
        FINGERPOST_OUTBOUND_ALLOW: upstream.host,
        LOG_FORMAT: 'json',
        ...more.env,
      },
    });
    return new Ground(cluster, upstream, folder, integrations);
  }

  /** Breaks something while people ask, and mends it. */
  during({ breakIt, forMs = 0, mendIt = () => {} }: Break): Promise<Seen> {
    return this.whileAsked(async () => {
      await breakIt();
      await sleep(forMs);
      await mendIt();
    });
  }

  /** Asks steadily, has the work done after a quiet time, and goes on asking until all is settled. */
  async whileAsked(work: () => Promise<unknown>): Promise<Seen> {
    const load = this.load();
    await sleep(SETTLED_MS);
    const begunAtMs = load.nowMs;
    await work();
    await sleep(SETTLED_MS);
    const all = await load.stop();
    const [quiet, then] = [
      all.filter(({ atMs }) => atMs < begunAtMs),
      all.filter(({ atMs }) => atMs >= begunAtMs - 5_000),
    ];
    return {
      asked: all.length,
      failed: all.filter(({ wrong }) => wrong !== undefined),
      late: all.filter(({ tookMs }) => tookMs > LATE_MS).length,
      repeated: this.upstream.repeatedPosts,
      quietP99Ms: percentile(quiet, 0.99),
      p99Ms: percentile(then, 0.99),
    };
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.integrations, name), text);
  }

  remove(name: string): Promise<void> {
    return rm(join(this.integrations, name));
  }

  /** Where a fault was mended, everything is as it was. */
  async isWhole(withinMs = 12_000): Promise<void> {
    await this.cluster.isReady(withinMs);
    const until = performance.now() + withinMs;
    for (let good = 0; good < 10; ) {
      const load = this.load();
      await sleep(100);
      const wrong = (await load.stop()).find(({ wrong }) => wrong !== undefined);
      good = wrong === undefined ? good + 1 : 0;
      if (performance.now() > until)
        throw new Error(
          `not whole within ${withinMs} ms: ${wrong?.wrong}; the gateway says\n${this.cluster.service('gateway-1').log.slice(-2_000)}`,
        );
    }
  }

  async stop(): Promise<void> {
    await this.stopCluster();
    this.upstream.stop();
    await rm(this.integrations, { recursive: true, force: true });
  }

  /** Nothing of it is left, its engines' data neither. */
  async stopCluster(): Promise<void> {
    await this.cluster.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Somebody who asks about a page that is new each time. */
  load(judgeIt: LoadOptions['judge'] = judge): Load {
    return new Load({
      url: this.cluster.url,
      token: TOKEN,
      perSecond: PER_SECOND,
      page: (nonce) => githubPage(`acme/${nonce}`),
      judge: judgeIt,
    });
  }
}

const NAMES = ['computes', 'reads', 'kept', 'posts'];

function judge({ data, integrationNames, failures = [] }: ContextAnswer, nonce: string): string | undefined {
  const expected = [`computes ${nonce}`, `reads /${nonce}`, 'kept', `posts /${nonce}`];
  if (integrationNames.length !== NAMES.length) return `asked ${integrationNames.join()}`;
  const missing = NAMES.filter((_, index) => !data.some(({ content }) => content === expected[index]));
  if (missing.length === 0 && data.length === NAMES.length) return undefined;
  return `failed: ${missing.join()} (${failures.map(({ id, reason }) => `${reason} ${id}`).join()})`;
}

const filesFor = (host: string): Record<string, string> => ({
  'computes.integration.js': integration(
    'computes',
    `${NONCE} return [{ type: 'text', content: 'computes ' + nonce }];`,
    'cache: 0, priority: 400',
  ),
  'reads.integration.js': integration(
    'reads',
    `${NONCE} const answer = await fetch('http://${host}/' + nonce, { headers: { Authorization: 'Bearer ' + secrets.UPSTREAM_TOKEN } });
     return [{ type: 'text', content: 'reads ' + (await answer.json()).path }];`,
    `cache: 0, priority: 300, requiredSecrets: ['UPSTREAM_TOKEN']`,
  ),
  'kept.integration.js': integration(
    'kept',
    `return [{ type: 'text', content: 'kept' }];`,
    `cache: 2, cacheKey: ['type'], priority: 200`,
  ),
  'posts.integration.js': integration(
    'posts',
    `${NONCE} const answer = await fetch('http://${host}/' + nonce, { method: 'POST', body: '{}', headers: { Authorization: 'Bearer ' + secrets.UPSTREAM_TOKEN } });
     return [{ type: 'text', content: 'posts ' + (await answer.json()).path }];`,
    `cache: 0, priority: 100, requiredSecrets: ['UPSTREAM_TOKEN']`,
  ),
});

const NONCE = `const nonce = context.page.repository.split('/')[1];`;
