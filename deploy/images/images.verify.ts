import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServer } from '@fingerpost/platform/testing';
import { Containers, HARDENED } from './testing/containers.ts';
import { filesOf, type Image, lookAt, packagesBehind, root, version } from './testing/image.ts';

const SERVICES = ['gateway', 'registry', 'runner', 'secrets'];
const MEGABYTES = 250;
const SHELLS = /(^|\/)(sh|bash|dash|ash|busybox|zsh|perl|python3?|apt|apt-get|dpkg|npm|npx|curl|wget)$/;
const packagesIn = ({ files }: Image) =>
  files.flatMap(({ path }) => /.*node_modules\/((?:@[^/]+\/)?[^/@]+)\/package\.json$/.exec(path)?.[1] ?? []);
const shellsIn = (files: Image['files']) => files.map(({ path }) => path).filter((path) => SHELLS.test(path));

const WALLS = `seccomp=${join(root, 'deploy/images/seccomp/walls.json')}`;

const hasDocker = findServer('docker') !== undefined;
(hasDocker ? describe : describe.skip)('an image', () => {
  describe.each(SERVICES)('of the %s', (service) => {
    let image: Image;
    beforeAll(() => {
      image = lookAt(`fingerpost/${service}:${version}`);
    });

    it(`takes less than ${MEGABYTES} MB`, () => expect(image.megabytes).toBeLessThan(MEGABYTES));

    it('is run by a user who is not root', () => expect(image.user).toBe('65532:65532'));

    it('says what it is', () =>
      expect(image.labels).toMatchObject({
        'org.opencontainers.image.title': `fingerpost-${service}`,
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}$/),
      }));

    it('has no shell, and nothing to fetch or install with', () => expect(shellsIn(image.files)).toEqual([]));

    it('has no file that makes its caller somebody else', () =>
      expect(image.files.filter(({ mode }) => /^-..[sS]|^-.{5}[sS]/.test(mode))).toEqual([]));

    it('belongs to root, but for the folder of what it keeps', () => {
      const own = image.files.filter(({ owner }) => owner !== '0/0').map(({ path }) => path);
      expect(own.filter((path) => !/^(data|dev)\//.test(path))).toEqual([]);
    });

    it('holds what its package.json leads to, and no package besides', () => {
      const behind = packagesBehind(service).add(`@fingerpost/${service}`);
      expect(packagesIn(image).filter((name) => !behind.has(name))).toEqual([]);
    });

    it('has a bill of materials that names every package in it, bundled ones too', () => {
      const named = new Set(image.components.map(({ name }) => name));
      const bundled = service === 'gateway' ? ['react-dom', 'simple-icons'] : [];
      expect(packagesIn(image).length).toBeGreaterThan(50);
      const expected = [...packagesIn(image), ...bundled, 'node', 'libc6', 'libstdc++6'];
      expect(expected.filter((name) => !named.has(name))).toEqual([]);
    });
  });

  it('of the runner has no client for HTTP, databases, caches or secret stores', () => {
    const clients = /^(undici|axios|got|node-fetch|pg|ioredis|redis|@electric-sql\/.*|fastify|express|node-vault)$/;
    expect(packagesIn(lookAt(`fingerpost/runner:${version}`)).filter((name) => clients.test(name))).toEqual([]);
  });
});

(hasDocker ? describe : describe.skip)('an engine that can write nothing and become nobody', () => {
  let containers: Containers;
  beforeAll(() => {
    containers = new Containers(tmpdir());
  });
  afterAll(() => containers.close(), 60_000);

  it.each([
    ['redis', 'fingerpost/redis:8', []],
    ['postgres', 'fingerpost/postgres:17', ['--tmpfs', '/var/run/postgresql:uid=999', '--env', 'POSTGRES_PASSWORD=x']],
  ])(
    'becomes healthy: %s',
    async (name, image, options) => {
      containers.run(name, [...HARDENED, ...options, image]);
      await containers.becomes(name, 'healthy');
    },
    70_000,
  );

  it('becomes healthy: openbao', async () => {
    containers.run('openbao', [...HARDENED, 'fingerpost/openbao:2', 'server', '-dev']);
    await containers.becomes('openbao', 'healthy');
  }, 70_000);

  it('is not a database without a password', async () => {
    containers.run('open', [...HARDENED, 'fingerpost/postgres:17']);
    await containers.becomes('open', 'exited');
    expect(containers.log('open')).toContain('The database needs a password: set POSTGRES_PASSWORD_FILE');
  }, 70_000);

  it.each(['nats:2', 'redis:8', 'openbao:2'])('has no shell: %s', (image) => {
    expect(shellsIn(filesOf(`fingerpost/${image}`))).toEqual([]);
  });
});

(hasDocker ? describe : describe.skip)('the product in containers that can write nothing and become nobody', () => {
  let folder: string;
  let containers: Containers;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-images-'));
    containers = new Containers(folder);
    await containers.begin();
    containers.start('runner', ['--security-opt', WALLS, '--env', 'FINGERPOST_WALLS=namespaces']);
    const integrations = ['--volume', `${join(root, 'integrations')}:/integrations:ro`];
    const database = ['--volume', '/data']; // embedded
    containers.start('registry', [
      '--security-opt',
      WALLS,
      '--env',
      'FINGERPOST_WALLS=namespaces',
      ...database,
      ...integrations,
    ]);
    containers.start('gateway', ['--publish', '127.0.0.1::3000']);
  }, 120_000);
  afterAll(async () => {
    containers.close();
    await rm(folder, { recursive: true });
  }, 60_000);

  it('becomes healthy', async () => {
    for (const service of SERVICES) await containers.becomes(service, 'healthy');
  }, 120_000);

  it('answers', async () => {
    const answer = await fetch(`http://${containers.address('gateway', 3_000)}/context`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${containers.read('gateway', '/data/token')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        type: 'github',
        url: 'https://github.com/acme/webshop',
        page: { repository: 'acme/webshop' },
      }),
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ failedCount: expect.any(Number), count: expect.any(Number) });
  });

  it('stands behind namespaces where the seccomp profile lets it', () => {
    expect(containers.log('runner')).toContain('behind namespaces and a seccomp filter');
  });

  it('does not start a runner that requires namespaces under the engine’s own profile', async () => {
    containers.start('runner', ['--env', 'FINGERPOST_WALLS=namespaces'], 'runner-2');
    await containers.becomes('runner-2', 'exited');
    expect(containers.exitCode('runner-2')).toBe(1);
    expect(containers.log('runner-2')).toContain('FINGERPOST_WALLS');
  }, 70_000);

  it.each(SERVICES)(
    'ends the %s with 0 on SIGTERM',
    (service) => {
      expect(containers.stop(service)).toBe(0);
    },
    30_000,
  );
});
