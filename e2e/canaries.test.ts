/** Values that can be told from everything else, and a look everywhere that they must not be. */
import { createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { descendantsOf } from '@fingerpost/platform/testing';
import { commandOf, findInMemory } from './find-in-memory.ts';
import { formsOf } from './forms-of.ts';
import { githubPage, integration, LISTENED_TO, Product } from './product.ts';
import { type Asked, StandIn } from './stand-in.ts';

const PAGE = githubPage('acme/webshop');

const app = generateKeyPairSync('rsa', { modulusLength: 2048 });
const account = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (type: 'pkcs1' | 'pkcs8', { privateKey }: typeof app) =>
  privateKey.export({ type, format: 'pem' }) as string;

const REAL = {
  HEADER_TOKEN: 'canary/of a header & "more"',
  SIGNING_KEY: 'canary-of-a-revealed-value',
  GITHUB_APP: JSON.stringify({ appId: 42, installationId: 7, privateKey: pem('pkcs1', app) }),
  GOOGLE_ACCOUNT: JSON.stringify({
    client_email: 'bar@acme.iam.gserviceaccount.com',
    private_key: pem('pkcs8', account),
  }),
};
const MINTED = { github: 'ghs_canary_minted_by_github', google: 'ya29.canary_minted_by_google' };

/** A line in the middle of each key stands for the whole. */
const CANARIES = [
  ...[REAL.HEADER_TOKEN, REAL.SIGNING_KEY, MINTED.github, MINTED.google],
  ...[pem('pkcs1', app), pem('pkcs8', account)].map((text) => text.split('\n')[5]!),
];
const FORMS = CANARIES.flatMap(formsOf);
const found = (text: string) => FORMS.filter((form) => text.includes(form));

const metadata = (hosts: string[], secrets: string, more = 'cache: 300') =>
  `hosts: ${JSON.stringify(hosts)}, secrets: { ${secrets} }, ${more}`;
const ask = (host: string, secret: string, headers = `{ Authorization: 'Bearer ' + secrets.${secret} }`) =>
  `const answer = await fetch('https://${host}/v1/things', { headers: ${headers} }); const text = await answer.text();
   logger.info('headers', [...answer.headers], 'body', text);`;

const FILES = {
  'a.integration.js': integration(
    'minted-github',
    `${ask('api.github.com', 'GITHUB_APP')} return [{ type: 'text', content: text.slice(0, 400) }];`,
    metadata(['api.github.com'], `GITHUB_APP: { mint: { from: 'github-app', permissions: { deployments: 'read' } } }`),
  ),
  'b.integration.js': integration(
    'minted-google',
    `${ask('monitoring.googleapis.com', 'GOOGLE_ACCOUNT')} return [{ type: 'text', content: text.slice(0, 400) }];`,
    metadata(
      ['monitoring.googleapis.com'],
      `GOOGLE_ACCOUNT: { mint: { from: 'google-service-account', scopes: ['https://www.googleapis.com/auth/monitoring.read'] } }`,
    ),
  ),
  'c.integration.js': integration(
    'remembers-all',
    `${ask('api.acme.dev', 'HEADER_TOKEN')} await cache.set('all', [text, [...answer.headers]], 60); return [{ type: 'text', content: text.slice(0, 400) }];`,
    metadata(['api.acme.dev'], 'HEADER_TOKEN: {}', `cache: 300, cacheKey: ['page.repository']`),
  ),
  'd.integration.js': integration(
    'fails-loudly',
    `${ask('api.acme.dev', 'HEADER_TOKEN')} throw new Error('no luck: ' + text);`,
    metadata(['api.acme.dev'], 'HEADER_TOKEN: {}'),
  ),
  'e.integration.js': integration(
    'holds-a-value',
    `logger.info('I hold', secrets.SIGNING_KEY, { deep: [encodeURIComponent(secrets.SIGNING_KEY)] }, btoa(secrets.SIGNING_KEY));
     return [{ type: 'text', content: 'it has ' + secrets.SIGNING_KEY.length }];`,
    metadata([], 'SIGNING_KEY: { reveal: true }'),
  ),
  'f.integration.js': integration(
    'shows-a-value',
    `try { await cache.set('k', secrets.SIGNING_KEY, 60); } catch (error) { logger.warn(error.message); }
     return [{ type: 'text', content: 'look: ' + secrets.SIGNING_KEY }];`,
    metadata([], 'SIGNING_KEY: { reveal: true }'),
  ),
};

/** An upstream that tells all that it is sent, in each way that it can think of. */
const echo = ({ headers }: Asked) => {
  const sent = (headers.authorization ?? '').replace('Bearer ', '');
  return {
    headers: { 'x-you-sent': encodeURIComponent(sent) },
    body: JSON.stringify({
      sent,
      base64: btoa(`a ${sent}`),
      url: encodeURIComponent(sent),
      hex: Buffer.from(sent).toString('hex'),
    }),
  };
};

const signedBy = (jwt: string, { publicKey }: typeof app) => {
  const [head, claims, signature] = jwt.split('.');
  return createVerify('RSA-SHA256')
    .update(`${head}.${claims}`)
    .verify(createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), signature!, 'base64url');
};

let standIn: StandIn;
let product: Product;
const assertions: string[] = [];

beforeAll(async () => {
  standIn = await StandIn.start();
  standIn.speakFor('api.acme.dev', echo);
  standIn.speakFor('monitoring.googleapis.com', echo);
  standIn.speakFor('api.github.com', (asked) => {
    if (asked.path !== '/app/installations/7/access_tokens') return echo(asked);
    assertions.push(asked.headers.authorization!.replace('Bearer ', ''));
    const isRight = signedBy(assertions.at(-1)!, app) && asked.body === '{"permissions":{"deployments":"read"}}';
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    return isRight ? { status: 201, body: { token: MINTED.github, expires_at } } : { status: 401, body: {} };
  });
  standIn.speakFor('oauth2.googleapis.com', ({ body }) => {
    assertions.push(new URLSearchParams(body).get('assertion')!);
    return signedBy(assertions.at(-1)!, account)
      ? { body: { access_token: MINTED.google, expires_in: 3_600 } }
      : { status: 400 };
  });
  const env = {
    ...standIn.env,
    ...Object.fromEntries(Object.entries(REAL).map(([name, value]) => [`INTEGRATION_${name}`, value])),
    ...{ LOG_LEVEL: 'trace', FINGERPOST_SHOW_FAILURES: 'true' },
  };
  const nobodyYet = await Product.start(FILES, env, undefined, LISTENED_TO);
  const entries = (await nobodyYet.catalogue()).entries.flatMap(
    ({ fault }) => /add (\S+) to FINGERPOST_REVEAL/.exec(fault?.message ?? '')?.[1] ?? [],
  );
  await nobodyYet.stop();
  expect(entries.map((entry) => entry.split('@')[0])).toEqual([
    'holds-a-value:SIGNING_KEY',
    'shows-a-value:SIGNING_KEY',
  ]);
  product = await Product.start(FILES, { ...env, FINGERPOST_REVEAL: entries.join() }, undefined, LISTENED_TO);
}, 60_000);

afterAll(async () => {
  await product?.stop();
  await standIn?.close();
});

let told = '';

it('calls upstreams with the real values, and takes out what they tell of them', async () => {
  const events = await product.stream(PAGE);
  told += JSON.stringify(events);
  const shown = Object.fromEntries(
    events
      .filter(({ event }) => event === 'insight')
      .map(({ data }) => [data.integration, (data.insight as { content: string }).content]),
  );
  for (const name of ['minted-github', 'minted-google', 'remembers-all'])
    expect(shown[name]).toMatch(/^\{"sent":"\[redacted\]/);
  expect(shown['holds-a-value']).toBe(`it has ${REAL.SIGNING_KEY.length}`);
  const sentBy = (host: string) =>
    standIn.asked.find((asked) => asked.host === host && asked.path === '/v1/things')?.headers.authorization;
  expect(sentBy('api.github.com')).toBe(`Bearer ${MINTED.github}`);
  expect(sentBy('monitoring.googleapis.com')).toBe(`Bearer ${MINTED.google}`);
  expect(sentBy('api.acme.dev')).toBe(`Bearer ${REAL.HEADER_TOKEN}`);
  expect(assertions).toHaveLength(2);

  const failures = events.filter(({ event }) => event === 'failure').map(({ data }) => data);
  expect(failures.map(({ integration }) => integration).sort()).toEqual(['fails-loudly', 'shows-a-value']);
  for (const { id } of failures) told += await (await product.send(`/failures/${id}`)).text();
  expect(told).toMatch(/no luck: .*\[redacted\]/);
  expect(told).toContain('holds the value of a secret');
});

it('shows no value in an answer, kept or new, nor in the log', async () => {
  const { data, cacheHits } = await product.ask(PAGE);
  expect(cacheHits).toBeGreaterThan(0);
  expect(found(told + JSON.stringify(data))).toEqual([]);
  expect(product.log).toContain('I hold [redacted]');
  expect(product.log).toContain('What is to be kept in the cache holds the value of a secret');
  expect(product.log).toMatch(/"level":"debug".*outbound call/);
  expect([...found(product.log), ...assertions.filter((jwt) => product.log.includes(jwt))]).toEqual([]);
});

it('sends no value over the bus: not in a call, not in what is remembered, not in what is revealed', () => {
  const said = readFileSync(join(product.folder, 'bus'), 'latin1');
  for (const subject of ['runner.run', 'secrets.call.', 'secrets.reveal.', 'gateway.remember', '_INBOX.'])
    expect(said).toContain(subject);
  expect(said).toContain('"letter":"');
  expect([...found(said), ...assertions.filter((jwt) => said.includes(jwt))]).toEqual([]);
});

it('writes no value into a file, and says to the audit trail who was given one', () => {
  const files = readdirSync(product.dataFolder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(product.dataFolder, name))
    .filter((path) => statSync(path).isFile());
  expect(files.flatMap((path) => found(readFileSync(path, 'latin1')))).toEqual([]);
  const said = readFileSync(join(product.folder, 'bus'), 'latin1');
  const revealed = [...said.matchAll(/"actor":"integration:([^"]+)","action":"secret.revealed","target":"([^"]+)"/g)];
  expect(new Set(revealed.map(([, integration, secret]) => `${integration} ${secret}`))).toEqual(
    new Set(['holds-a-value SIGNING_KEY', 'shows-a-value SIGNING_KEY']),
  );
});

const onLinuxAsRoot = process.platform === 'linux' && process.getuid?.() === 0 ? it : it.skip;

onLinuxAsRoot('leaves no value in the memory of a sandbox process, and has ended those that were given one', () => {
  const sandboxes = descendantsOf(product.pid).filter((pid) => commandOf(pid).includes('host.mjs'));
  expect(sandboxes.length).toBeGreaterThan(1);
  const texts = [...CANARIES, ...assertions];
  for (const pid of sandboxes) expect(findInMemory(pid, texts)).toEqual([]);
  // The search finds what is there: in them what upstreams told, and in the process of the secrets service the values.
  expect(sandboxes.some((pid) => findInMemory(pid, ['[redacted]']).length > 0)).toBe(true);
  expect(findInMemory(product.pid, CANARIES).length).toBeGreaterThan(2);
});
