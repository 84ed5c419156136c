/** What a runner in an attacker's hands can do to a whole cluster on real engines: nothing beyond the runs that it was given. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunRequest, secretsSubjects } from '@fingerpost/contracts';
import { Cluster } from '@fingerpost/local';
import { freePort } from '@fingerpost/platform/testing';
import pg from 'pg';
import { describeOnCluster } from '../cluster/describe-on-cluster.ts';
import { githubPage, integration, TOKEN } from '../product.ts';
import { callTo, claimsOf, RogueRunner } from './rogue-runner.ts';

/** By default limits: what one run may do, however many secrets services there are. */
const CALLS = 50;

describeOnCluster('a runner that was taken over', () => {
  let cluster: Cluster;
  let upstream: Server;
  let says = '';
  let folder: string;
  let rogue: RogueRunner;
  const companions: RogueRunner[] = [];

  beforeAll(async () => {
    upstream = createServer((_request, response) => void response.end(says)).listen(0, '127.0.0.1');
    const integrations = await mkdtemp(join(tmpdir(), 'fingerpost-taken-over-code-'));
    const { port } = upstream.address() as AddressInfo;
    await writeFile(
      join(integrations, 'calls.integration.js'),
      integration('calls', `await fetch('http://127.0.0.1:${port}/'); return [{ type: 'text', content: 'called' }];`),
    );
    folder = await mkdtemp(join(tmpdir(), 'fingerpost-taken-over-'));
    cluster = await Cluster.start({
      ...{ folder, port: await freePort(), gateways: 2, registries: 2, runners: 1, secrets: 2, onLine: () => {} },
      env: {
        ...{ FINGERPOST_INTEGRATIONS: integrations, FINGERPOST_TOKEN: TOKEN, FINGERPOST_RATE_LIMIT: '0' },
        ...{ FINGERPOST_OUTBOUND_ALLOW: `127.0.0.1:${port}`, LOG_LEVEL: 'debug', LOG_FORMAT: 'json' },
      },
    });
    rogue = await another();
  }, 120_000);

  afterAll(async () => {
    await Promise.all(companions.map((one) => one.leave()));
    await cluster?.stop();
    upstream?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }, 60_000);

  async function another(): Promise<RogueRunner> {
    const one = await RogueRunner.join(join(folder, 'nats'), cluster.engines.nats.port);
    companions.push(one);
    return one;
  }

  const ask = (repository = 'acme/webshop') =>
    fetch(`${cluster.url}/context`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(githubPage(repository)),
    });

  /** A run that somebody has asked for. */
  async function stolenRun(): Promise<RunRequest> {
    let isTaken = false;
    const taken = rogue.takeRun(() => true).finally(() => (isTaken = true));
    while (!isTaken) {
      void ask().catch(() => {});
      await Promise.race([taken, sleep(50)]);
    }
    return (await taken).run;
  }

  const upstreamUrl = () => `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/`;

  const trail = async (): Promise<{ service: string; event: string }[]> => {
    const client = new pg.Client(cluster.engines.postgres.url);
    await client.connect();
    const { rows } = await client.query('SELECT service, event FROM audit_trail ORDER BY seq');
    await client.end();
    return rows;
  };

  it('makes no more calls for a run than its grant allows, whichever secrets service it asks', async () => {
    const run = await stolenRun();
    const ends = await Promise.all(Array.from({ length: 4 * CALLS }, () => rogue.call(run, upstreamUrl())));
    expect(ends.filter((end) => end === 200)).toHaveLength(CALLS);
    expect(new Set(ends)).toEqual(new Set([200, 'run.too_many_calls']));
  });

  it('uses no ticket that another runner has used', async () => {
    const accomplice = await another();
    for (let times = 0; times < 10; times++) {
      const run = await stolenRun();
      expect(await rogue.call(run, upstreamUrl())).toBe(200);
      const ends = await Promise.all(Array.from({ length: 8 }, () => accomplice.call(run, upstreamUrl())));
      expect(new Set(ends)).toEqual(new Set(['ticket.invalid']));
    }
  });

  it('uses no ticket any more after it has said that its run is over', async () => {
    for (let times = 0; times < 10; times++) {
      const run = await stolenRun();
      expect(await rogue.call(run, upstreamUrl())).toBe(200);
      rogue.say(secretsSubjects.runOver(rogue.id), 'event', { jti: claimsOf(run.ticket).jti });
      await rogue.nats.flush();
      await sleep(50);
      const ends = await Promise.all(Array.from({ length: 8 }, () => rogue.call(run, upstreamUrl())));
      expect(new Set(ends)).toEqual(new Set(['ticket.spent']));
    }
  });

  it('has no service say anything where it should not, by asking that it be answered there', async () => {
    const id = '11111111-1111-4111-8111-111111111111';
    const forged = { id, at: new Date().toISOString(), actor: 'person:ceo', action: 'grant.approved', target: 'evil' };
    says = JSON.stringify(forged);
    const run = await stolenRun();
    const request = { ticket: run.ticket, grant: run.grant, ...callTo(upstreamUrl()) };
    for (const reply of ['audit.secrets', 'secrets.revision'])
      rogue.say(secretsSubjects.call(rogue.id), 'request', request, {}, reply);
    rogue.say('gateway.recall', 'request', { ticket: run.ticket, key: 'x' }, {}, 'audit.gateway');
    rogue.say('registry.bundle', 'request', { digest: claimsOf(run.grant).digest }, {}, 'audit.registry');
    await rogue.nats.flush();
    await sleep(1_500);
    const rows = await trail();
    expect(rows.filter(({ event }) => /malformed|grant.approved|person:ceo/.test(event))).toEqual([]);
  });

  it('has no asker say anything where it should not, by naming that as the place where it listens', async () => {
    const before = (await trail()).length;
    const taken = rogue.takeRun(() => true);
    for (let asked = 0; asked < 20; asked++) void ask(`acme/${asked}`).catch(() => {});
    const { message } = await taken;
    rogue.say(message.reply!, 'open', undefined, { 'fp-control': 'audit.gateway' });
    rogue.say(message.reply!, 'item', { isAboutToAct: true }, { 'fp-confirm': '1' });
    await rogue.nats.flush();
    await sleep(3_000);
    expect((await trail()).slice(before).map(({ event }) => event)).toEqual([]);
  });
});
