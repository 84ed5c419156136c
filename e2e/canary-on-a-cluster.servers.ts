/** A secret that lies in OpenBao is used by runs of a whole cluster, and looked for everywhere else. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContextAnswer } from '@fingerpost/contracts';
import { Cluster } from '@fingerpost/local';
import { descendantsOf, findPostgres, freePort } from '@fingerpost/platform/testing';
import { createUser, encodeUser, fromSeed } from '@nats-io/jwt';
import { connect, jwtAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { describeOnCluster } from './cluster/describe-on-cluster.ts';
import { findInMemory } from './find-in-memory.ts';
import { formsOf } from './forms-of.ts';
import { githubPage, integration, TOKEN } from './product.ts';
import { Upstream } from './upstream.ts';

const CANARY = 'canary-of-a-cluster-0123456789';
const FORMS = formsOf(CANARY);

const code = (host: string) => `
  const answer = await fetch('http://${host}/things', { headers: { Authorization: 'Bearer ' + secrets.OF_VAULT } });
  const text = await answer.text();
  logger.info('it says', text, [...answer.headers], secrets.OF_VAULT);
  await cache.set('said', { text }, 60);
  return [{ type: 'text', content: text }];`;

describeOnCluster('a secret in OpenBao', () => {
  let cluster: Cluster;
  let upstream: Upstream;
  let folder: string;
  let tap: NatsConnection;
  let heard = '';

  beforeAll(async () => {
    upstream = await Upstream.start(CANARY);
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-canary-'));
    const integrations = await mkdtemp(join(tmpdir(), 'fingerpost-canary-code-'));
    const metadata = `cache: 60, requiredSecrets: ['OF_VAULT']`;
    await writeFile(join(integrations, 'a.integration.js'), integration('of-vault', code(upstream.host), metadata));
    cluster = await Cluster.start({
      ...{ folder, port: await freePort(), gateways: 2, registries: 1, runners: 2, secrets: 1, onLine: () => {} },
      env: {
        ...{ FINGERPOST_INTEGRATIONS: integrations, FINGERPOST_TOKEN: TOKEN, FINGERPOST_RATE_LIMIT: '0' },
        ...{ FINGERPOST_OUTBOUND_ALLOW: upstream.host, LOG_LEVEL: 'trace', LOG_FORMAT: 'json' },
      },
    });
    tap = await listenToAll(join(folder, 'nats'), cluster.engines.nats.port, (text) => (heard += text));
    await cluster.engines.vault.send('POST', 'secret/data/fingerpost/OF_VAULT', { data: { value: CANARY } });
    for (let n = 0; n < 20; n++) await askUntilAnswered(`acme/repository-${n}`);
  }, 120_000);

  afterAll(async () => {
    await tap?.close();
    await cluster?.stop();
    upstream?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  async function askUntilAnswered(repository: string): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      const response = await fetch(`${cluster.url}/context`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify(githubPage(repository)),
      });
      const { count, failedCount } = (await response.json()) as ContextAnswer;
      if (count === 1 && failedCount === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`no answer; the log says\n${logOf('gateway').slice(-3_000)}`);
  }

  const childrenOf = (role: string) => [...cluster.services.values()].filter(({ name }) => name.startsWith(role));
  const logOf = (role: string) =>
    childrenOf(role)
      .map(({ log }) => log)
      .join('');
  const seenIn = (text: string) => FORMS.filter((form) => text.includes(form));

  it('reaches its API', () => {
    expect(upstream.refused).toBe(0);
    expect(upstream.counts.get('GET /things')).toBeGreaterThan(0);
  });

  it('is in no message on the bus', () => {
    for (const subject of ['runner.run', 'secrets.call.', '_INBOX.', 'gateway.remember'])
      expect(heard).toContain(subject);
    expect(seenIn(heard)).toEqual([]);
  });

  it('is in no log', () => {
    const log = ['gateway', 'registry', 'runner', 'secrets'].map(logOf).join('');
    expect(log).toContain('it says');
    expect(seenIn(log)).toEqual([]);
  });

  it('is in no table', () => {
    const dump = execFileSync(join(findPostgres()!, 'pg_dump'), ['--inserts', cluster.engines.postgres.url]).toString();
    expect(dump).toContain('of-vault');
    expect(seenIn(dump)).toEqual([]);
  });

  const onLinuxAsRoot = process.platform === 'linux' && process.getuid?.() === 0 ? it : it.skip;

  onLinuxAsRoot('is in the memory of nobody but the secrets service', () => {
    const { nats, redis } = cluster.engines;
    const others = ['gateway', 'registry', 'runner'].flatMap(childrenOf).map(({ name, pid }) => ({ name, pid }));
    const sandboxes = childrenOf('runner').flatMap(({ name, pid }) =>
      descendantsOf(pid).map((child) => ({ name: `sandbox of ${name}`, pid: child })),
    );
    const engines = [nats.child, redis.child];
    expect(sandboxes.length).toBeGreaterThan(2);
    const holders = [...others, ...sandboxes, ...engines].filter(({ pid }) => findInMemory(pid, FORMS).length > 0);
    expect(holders.map(({ name }) => name)).toEqual([]);
    // The search finds what is there.
    expect(findInMemory(childrenOf('secrets')[0]!.pid, [CANARY])).toEqual([CANARY]);
    expect(others.some(({ pid }) => findInMemory(pid, ['acme/repository-7']).length > 0)).toBe(true);
  });
});

/** With the account's own key: what no service may do. */
async function listenToAll(identities: string, port: number, onText: (text: string) => void): Promise<NatsConnection> {
  const key = async (name: string) =>
    fromSeed(Buffer.from((await readFile(join(identities, `offline/${name}.nk`), 'utf8')).trim()));
  const account = await key('account');
  const user = createUser();
  const jwt = await encodeUser(
    'tap',
    user,
    account,
    { pub: { deny: ['>'] }, sub: { allow: ['>'] } },
    { signer: account },
  );
  const tap = await connect({
    servers: `127.0.0.1:${port}`,
    tls: { caFile: join(identities, 'cert.pem') },
    authenticator: jwtAuthenticator(jwt, user.getSeed()),
  });
  tap.subscribe('>', {
    callback: (_error, { subject, headers, data }) =>
      onText(`${subject} ${headers?.toString() ?? ''} ${Buffer.from(data).toString('latin1')}\n`),
  });
  await tap.flush();
  return tap;
}
