/** The whole product on a real OpenBao: its secrets, and the root of its signatures. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { descendantsOf, findServer } from '@fingerpost/platform/testing';
import { OpenBao } from '../services/secrets/src/testing/open-bao.ts';
import { commandOf, findInMemory } from './find-in-memory.ts';
import { formsOf } from './forms-of.ts';
import { githubPage, integration, LISTENED_TO, Product, saying } from './product.ts';
import { StandIn } from './stand-in.ts';

const PAGE = githubPage('acme/webshop');
const VALUE = 'canary/of the vault & "more"';
/** As OpenBao and Vault write theirs. */
const TOKEN = /(?<![\w-])(hv)?s\.[A-Za-z0-9]{24}/;
const program = findServer('bao');

const sending = (name: string, secret: string) =>
  integration(
    name,
    `const answer = await fetch('https://api.acme.dev/v1/${name}', { headers: { Authorization: 'Bearer ' + secrets.${secret} } });
     const text = await answer.text(); logger.info('body', text, [...answer.headers]);
     return [{ type: 'text', content: text.slice(0, 300) }];`,
    `hosts: ['api.acme.dev'], secrets: { ${secret}: {} }, cache: 0`,
  );
const FILES = {
  'a.integration.js': sending('of-vault', 'OF_VAULT'),
  'b.integration.js': sending('of-environment', 'OF_ENVIRONMENT'),
  'c.integration.js': sending('bound-elsewhere', 'BOUND_ELSEWHERE'),
  'd.integration.js': saying('without', 'needs nothing', 'cache: 0'),
};

(program === undefined ? describe.skip : describe)('the product on OpenBao', () => {
  let bao: OpenBao;
  let standIn: StandIn;
  let product: Product;
  let ours: string[];

  beforeAll(async () => {
    bao = await OpenBao.start(program!);
    await bao.put('OF_VAULT', VALUE);
    await bao.put('BOUND_ELSEWHERE', VALUE);
    await bao.bind('BOUND_ELSEWHERE', { hosts: 'other.acme.dev' });
    standIn = await StandIn.start();
    standIn.speakFor('api.acme.dev', ({ headers }) => ({
      headers: { 'x-you-sent': encodeURIComponent(headers.authorization ?? '') },
      body: JSON.stringify({ sent: headers.authorization, base64: btoa(headers.authorization ?? '') }),
    }));
    const secretId = await bao.secretId();
    product = await Product.start(
      FILES,
      {
        ...standIn.env,
        ...{ INTEGRATION_OF_ENVIRONMENT: 'of the environment', LOG_LEVEL: 'trace', FINGERPOST_SHOW_FAILURES: 'true' },
        ...{ VAULT_ADDR: bao.url, FINGERPOST_VAULT_AUTH: 'approle', FINGERPOST_VAULT_ROLE_ID: await bao.roleId() },
        ...{ FINGERPOST_VAULT_SECRET_ID: secretId, FINGERPOST_ROOT_TRANSIT_KEY: 'transit/fingerpost-root' },
      },
      undefined,
      LISTENED_TO,
    );
    ours = [...formsOf(VALUE), secretId];
  }, 60_000);
  afterAll(async () => {
    await product?.stop();
    await standIn?.close();
    await bao?.stop();
  });

  async function look() {
    const events = await product.stream(PAGE);
    const of = (kind: string) => events.filter(({ event }) => event === kind).map(({ data }) => data);
    return {
      shown: of('insight').map(({ integration: name }) => name as string),
      failed: Object.fromEntries(of('failure').map(({ integration: name, ...rest }) => [name as string, rest])),
      text: JSON.stringify(events),
    };
  }

  it('calls with values of OpenBao, within the bounds that stand there, certified by a key that stays there', async () => {
    const { shown, failed, text } = await look();
    expect(shown.sort()).toEqual(['of-environment', 'of-vault', 'without']);
    expect(standIn.asked.find(({ path }) => path === '/v1/of-vault')?.headers.authorization).toBe(`Bearer ${VALUE}`);
    expect(standIn.asked.some(({ path }) => path === '/v1/bound-elsewhere')).toBe(false);
    const why = await (await product.send(`/failures/${failed['bound-elsewhere']!.id}`)).text();
    expect(why).toContain('bao kv metadata patch -custom-metadata=hosts=other.acme.dev,api.acme.dev');
    expect(ours.filter((form) => (text + why).includes(form))).toEqual([]);
    expect(readdirSync(product.dataFolder, { recursive: true })).not.toContain('root.json');
  });

  it('has no value, and nothing to log in with, in its log, on its bus and in its files', () => {
    const files = readdirSync(product.dataFolder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(product.dataFolder, name))
      .filter((path) => statSync(path).isFile());
    const said = readFileSync(join(product.folder, 'bus'), 'latin1');
    expect(said).toContain('secrets.over.');
    for (const text of [product.log, said, ...files.map((path) => readFileSync(path, 'latin1'))]) {
      expect(ours.filter((form) => text.includes(form))).toEqual([]);
      expect(text).not.toMatch(TOKEN);
    }
  });

  const onLinuxAsRoot = process.platform === 'linux' && process.getuid?.() === 0 ? it : it.skip;

  onLinuxAsRoot('leaves no value in the memory of any other process', () => {
    const others = descendantsOf(product.pid).filter((pid) => commandOf(pid) !== '');
    expect(others.filter((pid) => commandOf(pid).includes('host.mjs')).length).toBeGreaterThan(1);
    for (const pid of others) expect(findInMemory(pid, ours)).toEqual([]);
    expect(findInMemory(product.pid, ours).length).toBeGreaterThan(0); // the search finds what is there
  });

  it('sealed: says of those that need it why, shows the others, names it in its health, and heals by itself', async () => {
    await bao.seal();
    await product.until(async () => (await look()).failed['of-vault'] !== undefined, 10_000);
    const { shown, failed } = await look();
    expect(shown.sort()).toEqual(['of-environment', 'without']);
    expect(JSON.stringify(failed['of-vault'])).toContain('could not get its secrets right now');
    const health = await product.send('/health/ready');
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ checks: { secrets: 'ok', 'secret store': 'Vault is sealed.' } });

    await bao.unseal();
    await product.until(async () => (await look()).shown.includes('of-vault'), 5_000);
    expect(product.log.match(/cannot be looked at/g)).toHaveLength(1);
  }, 30_000);
});
