import { X509Certificate } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandsOf } from '../../e2e/commands-of.ts';
import { describeWithCompose } from './describe-with-compose.ts';
import { certify, makeAuthority } from './src/authority.ts';
import { ask } from './src/testing/askers.ts';
import { type Ground, prepareGround, wrongWith } from './src/testing/ground.ts';
import { type Engine, presentedAtTheDoor, presentedBy } from './src/testing/presented.ts';
import { until } from './src/testing/until.ts';
import { whileAsked } from './src/testing/while-asked.ts';

const ENGINES: Engine[] = ['nats', 'redis', 'postgres', 'openbao'];

/** docs/operations/compose.md, "Certificates", word for word. */
describeWithCompose('certificates', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await prepareGround(50);
  }, 240_000);
  afterAll(() => ground?.close(), 120_000);

  const kept = async (server: string) =>
    new X509Certificate(await readFile(join(ground.deployment.keys, server, 'tls.crt'))).fingerprint256;

  /** By the authority, and for nobody who asks here. */
  async function areDue(): Promise<void> {
    const { keys } = ground.deployment;
    const [key, cert] = await Promise.all(
      ['offline/ca.key', 'ca.crt'].map((file) => readFile(join(keys, file), 'utf8')),
    );
    const due = await certify(['nobody.example'], { key: key!, cert: cert! });
    for (const server of ['edge', ...ENGINES]) await writeFile(join(keys, server, 'tls.crt'), due.cert);
  }

  it('are made anew and shown while nobody notices', async () => {
    const { deployment, door } = ground;
    const before = await Promise.all(ENGINES.map((engine) => presentedBy(engine, deployment)));
    await areDue();
    const seen = await whileAsked(door, 'Certificates', () =>
      deployment.type(commandsOf('compose.md', 'Certificates')),
    );
    expect(seen).toEqual({ wrong: {}, shut: 0 });
    for (const engine of ENGINES)
      await until(async () => (await presentedBy(engine, deployment)) === (await kept(engine)));
    for (const engine of ENGINES) expect(before).not.toContain(await kept(engine));
    expect(await presentedAtTheDoor(deployment.port)).toBe(await kept('edge'));
  }, 300_000);

  it('leave each server one that Docker starts again, should it end', async () => {
    const { deployment, door } = ground;
    const servers = ['edge', ...ENGINES];
    for (const server of servers) {
      const [pid] = await deployment.inspect(server, '{{.State.Pid}}');
      process.kill(Number(pid), 'SIGKILL');
    }
    const isUpAgain = async (server: string) =>
      /^true [1-9]/.test((await deployment.inspect(server, '{{.State.Running}} {{.RestartCount}}')).join());
    await until(async () => (await Promise.all(servers.map(isUpAgain))).every((is) => is));
    await until(async () => wrongWith(await ask(door, 'acme/again'), 'acme/again') === undefined);
  }, 120_000);

  it('of one’s own are shown, where one file took the place of another', async () => {
    const { deployment } = ground;
    const own = await certify(['localhost'], await makeAuthority());
    const file = (name: string) => join(deployment.keys, 'edge', name);
    await Promise.all([writeFile(file('new.crt'), own.cert), writeFile(file('new.key'), own.key, { mode: 0o600 })]);
    await Promise.all([rename(file('new.crt'), file('tls.crt')), rename(file('new.key'), file('tls.key'))]);
    await deployment.type(commandsOf('compose.md', 'Certificates'));
    await until(
      async () => (await presentedAtTheDoor(deployment.port)) === new X509Certificate(own.cert).fingerprint256,
    );
  }, 120_000);
});
