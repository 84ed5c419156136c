import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runnerSubjects, secretsSubjects } from '@fingerpost/contracts';
import { createUser } from '@nats-io/jwt';
import { connect, credsAuthenticator, jwtAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { joinAsRunner } from '../../../packages/platform/src/bus/join-as-runner.ts';
import { createLog } from '../../../packages/platform/src/log/log.ts';
import { admitRunner } from '../../../services/secrets/src/runners/admit-runner.ts';
import { makeIdentities } from './make-identities.ts';
import { describeOnGuardedNats } from './testing/nats-under-test.ts';

const SOON = { timeoutMs: 5_000 };
const log = createLog('test', { level: 'silent', format: 'json' });

describeOnGuardedNats('who is let in to a guarded NATS', (on) => {
  const refused = expect.objectContaining({ message: expect.stringMatching(/authorization|authentication/i) });

  it('is nobody without credentials', async () => {
    await expect(connect({ ...on.nats.address, reconnect: false })).rejects.toEqual(refused);
  });

  it('is nobody with another operator’s credentials', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'fingerpost-identities-'));
    await makeIdentities(elsewhere);
    const authenticator = credsAuthenticator(await readFile(join(elsewhere, 'creds/gateway.creds')));
    await expect(connect({ ...on.nats.address, authenticator, reconnect: false })).rejects.toEqual(refused);
    await rm(elsewhere, { recursive: true });
  });

  it('is no runner with the permission of another', async () => {
    const { jwt } = await on.nats.admit(); // heard on its way, for all who join share an inbox
    const thief = jwtAuthenticator(jwt, createUser().getSeed());
    await expect(connect({ ...on.nats.address, authenticator: thief, reconnect: false })).rejects.toEqual(refused);
  });

  it('is no runner whose permission has expired', async () => {
    const late = await on.nats.admit(createUser(), -10_000);
    await expect(on.nats.connect(late)).rejects.toEqual(refused);
  });

  it('is no service by the key that admits runners, unless the key itself is stolen', async () => {
    // What a name says decides nothing: the permissions stand in the signed text.
    const runner = await on.nats.admit();
    const claims = JSON.parse(Buffer.from(runner.jwt.split('.')[1]!, 'base64url').toString());
    claims.nats.pub.allow.push('registry.epoch');
    const forged = runner.jwt
      .split('.')
      .with(1, Buffer.from(JSON.stringify(claims)).toString('base64url'))
      .join('.');
    await expect(on.nats.connect({ ...runner, jwt: forged })).rejects.toEqual(refused);
  });

  it('is cut off when the permission ends', async () => {
    const connection = await on.nats.connect(await on.nats.admit(createUser(), 1_500));
    const closed = await Promise.race([
      connection.closed().then(() => 'closed'),
      cutOff(connection),
      sleep(6_000, 'in'),
    ]);
    expect(closed).not.toBe('in');
    await connection.close();
  });

  it('speaks TLS', async () => {
    const options = { servers: on.nats.address.servers, tls: null, reconnect: false };
    const authenticator = credsAuthenticator(await on.nats.creds('gateway'));
    await expect(connect({ ...options, authenticator })).rejects.toThrow();
  });
});

describeOnGuardedNats('a runner on a guarded NATS', (on) => {
  it('makes its own identity, is admitted, and is renewed without losing anything', async () => {
    const secrets = await on.bus('secrets');
    const key = await on.nats.runnerKey();
    let admissions = 0;
    secrets.answer(secretsSubjects.admitRunner, 'secrets', async ({ message }) => {
      admissions++;
      return admitRunner(key, (message as { publicKey: string }).publicKey, 3_000);
    });
    await sleep(50);
    const { bus: runner, id } = await joinAsRunner({ ...on.nats.address, creds: await on.nats.creds('join') }, log);
    on.left(runner);
    expect(id).toMatch(/^U[A-Z2-7]{55}$/);
    runner.answer(runnerSubjects.run, 'runner', async ({ message }) => {
      await sleep(50);
      return message;
    });
    secrets.answer(secretsSubjects.anyCall, 'secrets', async ({ subject }) => subject);
    const gateway = await on.bus('gateway');
    await sleep(50);
    const until = performance.now() + 5_000;
    let answers = 0;
    for (let n = 0; performance.now() < until; n++) {
      const asked = Array.from({ length: 10 }, (_, k) => gateway.request(runnerSubjects.run, [n, k], SOON));
      expect(await Promise.all(asked)).toEqual(asked.map((_, k) => [n, k]));
      expect(await runner.request(secretsSubjects.call(id), {}, SOON)).toBe(secretsSubjects.call(id));
      answers += 10;
    }
    expect(answers).toBeGreaterThan(200);
    expect(admissions).toBeGreaterThan(2);
  });
});

async function cutOff(connection: NatsConnection): Promise<string> {
  for await (const { type } of connection.status()) if (type === 'disconnect') return 'disconnected';
  return 'closed';
}
