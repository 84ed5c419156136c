import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContextAnswer } from '@fingerpost/contracts';
import { freePort } from '../../packages/platform/src/testing/free-port.ts';
import { findServer } from '../../packages/platform/src/testing/servers.ts';
import { Deployment, docker } from './src/testing/deployment.ts';
import { type Answered, Askers, ask, type Door } from './src/testing/load.ts';
import { type Reached, reachFrom } from './src/testing/reach.ts';
import { startUpstream } from './src/testing/upstream.ts';

const EACH = 20;
const UPSTREAM_MS = 500;
const SETTLE_MS = 4_000;
const MEASURE_MS = 12_000;
const SERVICES = ['edge', 'gateway', 'registry', 'runner', 'secrets', 'nats', 'redis', 'postgres', 'openbao'];
const PORTS = [22, 53, 80, 443, 2375, 3000, 4222, 5432, 6222, 6379, 8080, 8081, 8200, 8201, 8222, 8443, 9090];

// Where clouds tell a machine its credentials, and three places of the internet that nobody has.
const OUTSIDE = ['169.254.169.254:80', '192.0.2.1:443', '198.51.100.7:53', '2001:db8::1:443'];

const slow = (place: string) => `
module.exports = {
  metadata: { name: 'slow', cache: 0, hosts: ['${place}'], match: { contextType: 'github', context: { 'page.repository': { exists: true } } } },
  run: async (context) => {
    const { path } = await (await fetch('http://${place}/' + context.page.repository)).json();
    return [{ type: 'text', content: path }];
  },
};`;

function wrongWith(answer: unknown, page: string): string | undefined {
  const { data, failedCount } = answer as ContextAnswer;
  if (failedCount > 0) return 'a run failed';
  const [insight] = data;
  if (data.length !== 1 || !(insight && 'content' in insight) || insight.content !== `/${page}`)
    return 'a wrong answer';
}

/** How often what was wrong. */
function wrongs(answered: readonly Answered[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { wrong } of answered) if (wrong !== undefined) counts[wrong] = (counts[wrong] ?? 0) + 1;
  return counts;
}

const hasDocker = findServer('docker') !== undefined && findServer('docker-compose') !== undefined;
(hasDocker ? describe : describe.skip)('docker-compose.yml, from nothing', () => {
  let folder: string;
  let deployment: Deployment;
  let door: Door;
  let stopUpstream = () => {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-compose-verify-'));
    const integrations = join(folder, 'integrations');
    await mkdir(integrations);
    const upstreamPort = await freePort();
    const changes = (host: string) => ({
      env: { FINGERPOST_OUTBOUND_ALLOW: `${host}:${upstreamPort}`, FINGERPOST_RATE_LIMIT: '0' },
    });
    const startedAt = performance.now();
    deployment = await Deployment.up({ folder: join(folder, 'deployment'), integrations, changes });
    stopUpstream = await startUpstream(deployment.host, upstreamPort, UPSTREAM_MS);
    await writeFile(join(integrations, 'slow.integration.js'), slow(`${deployment.host}:${upstreamPort}`));
    await deployment.isReady();
    console.log(`up and ready in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
    door = {
      port: deployment.port,
      ca: await readFile(join(deployment.keys, 'ca.crt'), 'utf8'),
      token: await deployment.token(),
    };
    await until(async () => wrongWith(await ask(door, undefined, 'acme/first'), 'acme/first') === undefined);
  }, 240_000);
  afterAll(async () => {
    if (process.env.DUMP) await writeFile(process.env.DUMP, await deployment.compose('logs', '--no-color', '-t'));
    await deployment?.down();
    stopUpstream();
    await rm(folder, { recursive: true });
  }, 120_000);

  it('answers behind TLS that its own authority vouches for', async () => {
    const answer = (await ask(door, undefined, 'acme/webshop')) as ContextAnswer;
    expect(answer.data).toEqual([expect.objectContaining({ content: '/acme/webshop' })]);
    await expect(ask({ ...door, ca: '' }, undefined, 'acme/webshop')).rejects.toThrow(/certificate/);
  });

  it('stands behind namespaces and a seccomp filter where it runs code', async () => {
    const log = await deployment.compose('logs', '--no-color', 'runner');
    expect(log).toContain('behind namespaces and a seccomp filter');
  });

  it('tells browsers to insist on it, and the world no metrics', async () => {
    const [page, metrics] = await Promise.all(['/', '/metrics'].map((path) => get(door, path)));
    expect(page).toMatchObject({ status: 200, hsts: expect.stringContaining('max-age=') });
    expect(metrics!.status).toBe(404);
  });

  describe('from within the runner', () => {
    let onHost: Server;
    beforeAll(async () => {
      onHost = createServer((socket) => socket.end());
      onHost.listen(0, '0.0.0.0');
      await once(onHost, 'listening');
    });
    afterAll(() => onHost.close());

    const tryAll = async (service: string, outside: string[] = []): Promise<Reached & { nats: string[] }> => {
      const addresses = Object.fromEntries(
        await Promise.all(SERVICES.map(async (one) => [one, await addressesOf(one)] as const)),
      );
      const own = service === 'runner' ? addresses.runner! : [];
      const others = Object.values(addresses)
        .flat()
        .filter((address) => !own.includes(address));
      const host = Object.values(networkInterfaces()).flatMap((all = []) =>
        all.filter(({ family }) => family === 'IPv4'),
      );
      const hostPort = (onHost.address() as AddressInfo).port;
      const places = [
        ...others.flatMap((address) => PORTS.map((port) => `${address}:${port}`)),
        ...host.filter(({ internal }) => !internal).map(({ address }) => `${address}:${hostPort}`),
        ...outside,
      ];
      const names = [...SERVICES, 'host.docker.internal', 'example.com', 'metadata.google.internal'];
      return {
        ...JSON.parse(await deployment.node(service, reachFrom({ places, names }))),
        nats: addresses.nats!.map((address) => `${address}:4222`),
      };
    };
    const addressesOf = async (service: string): Promise<string[]> => {
      const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}';
      const containers = await deployment.containers(service);
      return (await Promise.all(containers.map((it) => docker('inspect', '--format', format, it)))).flatMap((line) =>
        line.trim().split(' '),
      );
    };

    it('nothing can be reached but NATS: no other service, no host, no metadata, no internet, no name', async () => {
      await deployment.scale('runner', 2); // another runner is somebody else, too
      await until(async () => (await healthy('runner')) === 2);
      const { places, names, hasDefaultRoute, nats } = await tryAll('runner', OUTSIDE);
      expect(places).toHaveLength(1);
      expect(nats).toContain(places[0]);
      expect(names.filter((name) => name !== 'runner')).toEqual(['nats']);
      expect(hasDefaultRoute).toBe(false);
    }, 120_000);

    it('there is no way to what is outside, rather than nobody there', async () => {
      const { ways } = await tryAll('runner', OUTSIDE);
      expect(ways.filter((place) => OUTSIDE.includes(place))).toEqual([]);
    }, 60_000);

    it('the same look finds what is there, from a service that has a way out', async () => {
      const { places, names, hasDefaultRoute, nats } = await tryAll('secrets');
      expect(places.some((place) => place.endsWith(`:${(onHost.address() as AddressInfo).port}`))).toBe(true);
      expect(places.some((place) => nats.includes(place))).toBe(true);
      expect(names).toEqual(expect.arrayContaining(['nats', 'openbao']));
      expect(names).not.toEqual(expect.arrayContaining(['redis']));
      expect(hasDefaultRoute).toBe(true);
    }, 60_000);

    it('no secret can be read but its own', async () => {
      const list = `import { readdirSync } from 'node:fs'; console.log(readdirSync('/run/secrets').sort().join());`;
      expect(await deployment.node('runner', list)).toBe('ca,nats_creds');
    });
  });

  describe('with one number', () => {
    const rates = new Map<number, number>();

    it.each([1, 2, 4])(
      `runs in step with its runners: %i, ${EACH} runs in flight for each`,
      async (runners) => {
        await deployment.scale('runner', runners);
        await until(async () => (await healthy('runner')) === runners);
        const { perSecond, wrong } = await measure(runners * EACH);
        rates.set(runners, perSecond);
        const ofLinear = perSecond / (runners * rates.get(1)!);
        console.log(`${runners} runners: ${perSecond.toFixed(1)} answers/s, ${ofLinear.toFixed(2)} of linear`);
        expect(wrong).toEqual({});
        expect(ofLinear).toBeGreaterThanOrEqual(0.9);
      },
      120_000,
    );

    it('grows and shrinks under load without one failed answer', async () => {
      const askers = new Askers(door, EACH, wrongWith);
      for (const runners of [1, 4, 2, 1]) {
        await deployment.scale('runner', runners);
        await until(async () => (await healthy('runner')) === runners);
        await sleep(3_000);
      }
      const answered = await askers.stop();
      console.log(`4, 1, 4, 2, 1 runners under load: ${answered.length} answers`);
      expect(answered.length).toBeGreaterThan(500);
      expect(wrongs(answered)).toEqual({});
    }, 240_000);

    async function measure(inFlight: number): Promise<{ perSecond: number; wrong: Record<string, number> }> {
      const askers = new Askers(door, inFlight, wrongWith);
      await sleep(SETTLE_MS);
      const before = askers.answered.length;
      const startedAt = performance.now();
      await sleep(MEASURE_MS);
      const perSecond = ((askers.answered.length - before) * 1_000) / (performance.now() - startedAt);
      return { perSecond, wrong: wrongs(await askers.stop()) };
    }
  });

  const healthy = async (service: string): Promise<number> => {
    const states = (await deployment.containers(service)).map((it) =>
      docker('inspect', '--format', '{{.State.Health.Status}}', it),
    );
    return (await Promise.all(states)).filter((state) => state === 'healthy').length;
  };

  it('comes back whole after it was stopped, without a hand', async () => {
    expect(new Set(await deployment.stop())).toEqual(new Set([0]));
    await deployment.compose('up', '--detach');
    await deployment.isReady();
    expect(
      execFileSync('docker', ['ps', '--quiet', '--filter', `name=${deployment.name}_openbao`]).length,
    ).toBeGreaterThan(0);
    await until(async () => (await get(door, '/health/ready')).status === 200);
  }, 180_000);
});

async function until(isSo: () => Promise<boolean>, withinMs = 60_000): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(200))
    if (await isSo().catch(() => false)) return;
  throw new Error(`not so within ${withinMs} ms`);
}

function get({ port, ca }: Door, path: string): Promise<{ status?: number; hsts?: string }> {
  return new Promise((resolve, reject) => {
    request({ host: 'localhost', port, ca, path }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, hsts: response.headers['strict-transport-security'] });
    })
      .on('error', reject)
      .end();
  });
}
