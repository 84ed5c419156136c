import { once } from 'node:events';
import { request as requestByTls } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { describeWithCompose } from './describe-with-compose.ts';
import { ask, type Door } from './src/testing/askers.ts';
import { type Ground, prepareGround, wrongWith } from './src/testing/ground.ts';
import { type Reached, reachFrom } from './src/testing/reach.ts';
import { until } from './src/testing/until.ts';

const SERVICES = ['edge', 'gateway', 'registry', 'runner', 'secrets', 'nats', 'redis', 'postgres', 'openbao'];
const PORTS = [22, 53, 80, 443, 2375, 3000, 4222, 5432, 6222, 6379, 8080, 8081, 8200, 8201, 8222, 8443, 9090];
// Where clouds tell a machine its credentials, and three places of the internet that nobody has.
const OUTSIDE = ['169.254.169.254:80', '192.0.2.1:443', '198.51.100.7:53', '2001:db8::1:443'];

describeWithCompose('docker-compose.yml, from nothing', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await prepareGround(10);
  }, 240_000);
  afterAll(() => ground?.close(), 120_000);

  it('answers behind TLS that its own authority vouches for', async () => {
    expect(wrongWith(await ask(ground.door, 'acme/webshop'), 'acme/webshop')).toBeUndefined();
    await expect(ask({ ...ground.door, ca: undefined }, 'acme/webshop')).rejects.toThrow(/certificate/);
  });

  it('stands behind namespaces and a seccomp filter where it runs code', async () => {
    const log = await ground.deployment.compose('logs', '--no-color', 'runner');
    expect(log).toContain('behind namespaces and a seccomp filter');
  });

  it('tells browsers to insist on TLS, and the world no metrics', async () => {
    const [page, metrics] = await Promise.all(['/', '/metrics'].map((path) => request(ground.door, path)));
    expect(page).toMatchObject({ status: 200, hsts: expect.stringContaining('max-age=') });
    expect(metrics!.status).toBe(404);
  });

  describe('from within', () => {
    let onHost: Server;
    let hostPort: number;
    let nats: string[];
    beforeAll(async () => {
      onHost = createServer((socket) => socket.end());
      onHost.listen(0, '0.0.0.0');
      await once(onHost, 'listening');
      hostPort = (onHost.address() as AddressInfo).port;
      await ground.deployment.scale('runner', 2); // another runner is somebody else, too
      nats = (await ground.deployment.addresses('nats')).map((address) => `${address}:4222`);
    }, 120_000);
    afterAll(() => onHost.close());

    it('a runner nothing can be reached but NATS: no service, no other runner, no host, no metadata, no internet, no name', async () => {
      const { places, names } = await lookAround('runner', OUTSIDE);
      expect(places).toHaveLength(1);
      expect(nats).toContain(places[0]);
      expect(names.filter((name) => name !== 'runner')).toEqual(['nats']);
    }, 60_000);

    it('a runner there is no way to the outside, rather than nobody there', async () => {
      const found = await ground.deployment.node('runner', reachFrom({ places: OUTSIDE, names: [] }));
      expect(JSON.parse(found).ways).toEqual([]);
    }, 60_000);

    it('a runner no secret can be read but its own', async () => {
      const list = `import { readdirSync } from 'node:fs'; console.log(readdirSync('/run/secrets').sort().join());`;
      expect(await ground.deployment.node('runner', list)).toBe('ca,nats_creds');
    });

    it('a service that has a way out the same look finds what there is', async () => {
      const { places, names } = await lookAround('secrets');
      expect(places).toContain(`${ground.deployment.host}:${hostPort}`);
      expect(places.some((place) => nats.includes(place))).toBe(true);
      expect(names).toEqual(expect.arrayContaining(['nats', 'openbao']));
      expect(names).not.toContain('redis');
    }, 60_000);

    async function lookAround(service: string, outside: string[] = []): Promise<Reached> {
      const addresses = (await Promise.all(SERVICES.map((one) => ground.deployment.addresses(one)))).flat();
      const host = Object.values(networkInterfaces()).flatMap((all = []) => all);
      const places = [
        ...addresses.flatMap((address) => PORTS.map((port) => `${address}:${port}`)),
        ...host
          .filter(({ internal, family }) => !internal && family === 'IPv4')
          .map(({ address }) => `${address}:${hostPort}`),
        ...outside,
      ];
      const names = [...SERVICES, 'host.docker.internal', 'example.com', 'metadata.google.internal'];
      return JSON.parse(await ground.deployment.node(service, reachFrom({ places, names })));
    }
  });

  it('says at the door that no gateway answers as gateways say what is wrong', async () => {
    const { deployment, door } = ground;
    await deployment.compose('stop', 'gateway');
    const asked = Promise.all([request(door, '/index.html'), request(door, '/context', 'POST')]);
    const answers = await asked.finally(() => deployment.compose('start', 'gateway'));
    await deployment.isReady();
    for (const { status, type, body } of answers) {
      expect([status, type]).toEqual([503, 'application/problem+json']);
      expect(JSON.parse(body)).toMatchObject({ status: 503, code: 'bus.nobody_answers' });
    }
  }, 90_000);

  it('comes back whole after it was stopped, without a hand', async () => {
    const { deployment, door } = ground;
    expect(await deployment.stop()).toEqual([]);
    await deployment.compose('up', '--detach');
    await until(async () => wrongWith(await ask(door, 'acme/again'), 'acme/again') === undefined);
  }, 180_000);
});

interface Got {
  status?: number;
  type?: string;
  hsts?: string;
  body: string;
}

function request({ port, ca }: Door, path: string, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    requestByTls({ host: 'localhost', port, ca, path, method }, async (response) => {
      const { 'content-type': type, 'strict-transport-security': hsts } = response.headers;
      resolve({ status: response.statusCode, type, hsts, body: await text(response) });
    })
      .on('error', reject)
      .end();
  });
}
