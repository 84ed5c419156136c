import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeWithCompose } from './describe-with-compose.ts';
import { type Ground, prepareGround } from './src/testing/ground.ts';
import { whileAsked } from './src/testing/while-asked.ts';

const IN_VAIN = 'if deploy/compose/replace.sh gateway; then exit 1; fi';

describeWithCompose('deploy/compose/replace.sh', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await prepareGround(50);
    await ground.deployment.scale('gateway', 2);
    ground.deployment.env.FINGERPOST_GATEWAYS = '2';
  }, 240_000);
  afterAll(() => ground?.close(), 120_000);

  const all = async () =>
    (await Promise.all(['gateway', 'runner'].map((service) => ground.deployment.containers(service)))).flat().sort();
  const asked = (what: string, commands: string, env: NodeJS.ProcessEnv = {}) =>
    whileAsked(ground.door, what, () => ground.deployment.type(commands, env));

  it('puts a new container in the place of each, and nobody notices', async () => {
    const before = await all();
    const seen = await asked('replace.sh gateway runner', 'deploy/compose/replace.sh gateway runner');
    expect(seen).toEqual({ wrong: {}, shut: 0 });
    const after = await all();
    expect(after).toHaveLength(before.length);
    expect(after.filter((one) => before.includes(one))).toEqual([]);
  }, 300_000);

  it('leaves nothing for docker-compose up -d to do', async () => {
    const before = await all();
    await ground.deployment.compose('up', '--detach');
    expect(await all()).toEqual(before);
  }, 120_000);

  it('takes a new one away that does not become well, and the old ones go on', async () => {
    const before = await all();
    const env = { ...(await besides({ NATS_URL: 'tls://nobody.example:4222' })), PATIENCE_S: '15' };
    expect(await asked('replace.sh gateway, in vain', IN_VAIN, env)).toEqual({ wrong: {}, shut: 0 });
    expect(await all()).toEqual(before);
  }, 120_000);

  it('does not wait two minutes for one that ends again and again', async () => {
    const before = await all();
    await ground.deployment.type(IN_VAIN, await besides({ REDIS_CA: '/nowhere' }));
    expect(await all()).toEqual(before);
  }, 60_000);

  it('names a service that it does not know', async () => {
    const none = ground.deployment.type('deploy/compose/replace.sh edge-of-the-world');
    await expect(none).rejects.toThrow(/edge-of-the-world/);
  });

  async function besides(environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
    const file = join(ground.integrations, '../besides.json');
    await writeFile(file, JSON.stringify({ services: { gateway: { environment } } }));
    return { COMPOSE_FILE: `${ground.deployment.env.COMPOSE_FILE}:${file}` };
  }
});
