import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { auditSubjects, registrySubjects, runnerSubjects, secretsSubjects } from '@fingerpost/contracts';
import { findServer } from '@fingerpost/platform/testing';
import { createUser } from '@nats-io/jwt';
import {
  connect,
  credsAuthenticator,
  jwtAuthenticator,
  headers as makeHeaders,
  type NatsConnection,
} from '@nats-io/transport-node';
import { joinAsRunner } from '../../../packages/platform/src/bus/join-as-runner.ts';
import type { WireBus } from '../../../packages/platform/src/bus/wire-bus.ts';
import { createLog } from '../../../packages/platform/src/log/log.ts';
import { admitRunner } from '../../../services/secrets/src/runners/admit-runner.ts';
import { makeIdentities } from './make-identities.ts';
import { GuardedNats, type Runner } from './testing/guarded-nats.ts';

const natsServer = findServer('nats-server');
const SOON = { timeoutMs: 5_000 };
const log = createLog('test', { level: 'silent', format: 'json' });

(natsServer === undefined ? describe.skip : describe)('on a guarded NATS', () => {
  let nats: GuardedNats;
  const open: { drain(): Promise<unknown> }[] = [];

  beforeAll(async () => {
    nats = await GuardedNats.start(natsServer!);
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.drain().catch(() => {})));
  });

  afterAll(() => nats?.close());

  async function bus(who: Parameters<GuardedNats['bus']>[0]): Promise<WireBus> {
    const made = await nats.bus(who);
    open.push(made);
    return made;
  }

  async function attacker(who: Runner): Promise<NatsConnection> {
    const made = await nats.connect(who);
    open.push(made);
    return made;
  }

  /** Every word that reaches a connection with all the ears that its permissions give it. */
  async function listen(connection: NatsConnection, subjects: [subject: string, queue?: string][]): Promise<string[]> {
    const heard: string[] = [];
    for (const [subject, queue] of subjects)
      connection.subscribe(subject, {
        queue,
        callback: (error, message) => void (error ?? heard.push(`${message.subject} ${message.string()}`)),
      });
    await connection.flush();
    return heard;
  }

  describe('who is let in', () => {
    const refused = expect.objectContaining({ message: expect.stringMatching(/authorization|authentication/i) });

    it('is nobody without credentials', async () => {
      await expect(connect({ ...nats.address, reconnect: false })).rejects.toEqual(refused);
    });

    it('is nobody with another operator’s credentials', async () => {
      const elsewhere = await mkdtemp(join(tmpdir(), 'fingerpost-identities-'));
      await makeIdentities(elsewhere);
      const authenticator = credsAuthenticator(await readFile(join(elsewhere, 'creds/gateway.creds')));
      await expect(connect({ ...nats.address, authenticator, reconnect: false })).rejects.toEqual(refused);
      await rm(elsewhere, { recursive: true });
    });

    it('is no runner with the permission of another', async () => {
      const { jwt } = await nats.admit(); // heard on its way, for all who join share an inbox
      const thief = jwtAuthenticator(jwt, createUser().getSeed());
      await expect(connect({ ...nats.address, authenticator: thief, reconnect: false })).rejects.toEqual(refused);
    });

    it('is no runner whose permission has expired', async () => {
      const late = await nats.admit(createUser(), -10_000);
      await expect(nats.connect(late)).rejects.toEqual(refused);
    });

    it('is no service by the key that admits runners, unless the key itself is stolen', async () => {
      // What a name says decides nothing: the permissions stand in the signed text.
      const runner = await nats.admit();
      const claims = JSON.parse(Buffer.from(runner.jwt.split('.')[1]!, 'base64url').toString());
      claims.nats.pub.allow.push('registry.epoch');
      const forged = runner.jwt
        .split('.')
        .with(1, Buffer.from(JSON.stringify(claims)).toString('base64url'))
        .join('.');
      await expect(nats.connect({ ...runner, jwt: forged })).rejects.toEqual(refused);
    });

    it('is cut off when the permission ends', async () => {
      const connection = await nats.connect(await nats.admit(createUser(), 1_500));
      const closed = await Promise.race([
        connection.closed().then(() => 'closed'),
        cutOff(connection),
        wait(6_000, 'in'),
      ]);
      expect(closed).not.toBe('in');
      await connection.close();
    });

    it('speaks TLS', async () => {
      const options = { servers: nats.address.servers, tls: null, reconnect: false };
      const authenticator = credsAuthenticator(await nats.creds('gateway'));
      await expect(connect({ ...options, authenticator })).rejects.toThrow();
    });
  });

  describe('a runner that was taken over', () => {
    it('learns nothing of runs that others have', async () => {
      const [gateway, victim, evil] = [await bus('gateway'), await bus(await nats.admit()), await nats.admit()];
      const secrets = await bus('secrets');
      const connection = await attacker(evil);
      const heard = await listen(connection, [
        [`_INBOX.runner.${evil.id}.>`],
        [registrySubjects.epoch],
        [runnerSubjects.inspect, 'runner'],
        [runnerSubjects.run], // refused, as is what follows
        [runnerSubjects.run, 'spies'],
        [secretsSubjects.anyCall],
        ['_INBOX.runner.*.>'],
        ['>'],
      ]);
      secrets.answer(secretsSubjects.check, 'secrets', async () => ({ missing: [], revision: 'canary' }));
      victim.answer(runnerSubjects.run, 'runner', async (call) => {
        call.sendItem({ canary: 1 });
        await call.sendBytes(Buffer.from('canary'));
      });
      await wait(50);
      for (let times = 0; times < 20; times++) await gateway.request(runnerSubjects.run, { canary: true }, SOON);
      await gateway.request(secretsSubjects.check, { names: ['canary'] }, SOON);
      await connection.flush();
      expect(heard).toEqual([]);
    });

    it('cannot answer for another, nor end or poison what another does, though it knows the gateway’s inbox', async () => {
      const gateway = await bus('gateway');
      const evil = await nats.admit();
      const connection = await attacker(evil);
      const victim = await bus(await nats.admit());
      const known: string[] = [];
      const own = connection.subscribe(runnerSubjects.run, {
        queue: 'runner',
        callback: (_error, message) => {
          known.push(message.reply!);
          message.respond('', { headers: undefined });
        },
      });
      await connection.flush();
      await gateway.request(runnerSubjects.run, {}, { timeoutMs: 100 }).catch(() => {});
      own.unsubscribe();
      await connection.flush();

      victim.answer(runnerSubjects.run, 'runner', async (call) => {
        call.sendItem('true');
        await wait(300, undefined, { signal: call.signal });
        await call.sendBytes(Buffer.from('true'));
      });
      await wait(50);
      const exchange = gateway.call<string>(runnerSubjects.run, {}, SOON);
      const place = known[0]!.slice(0, known[0]!.lastIndexOf('.'));
      expect(place).toMatch(/^_INBOX\.gateway\.r\./);
      for (const id of [known[0]!.split('.').at(-1)!, '*', '>', 'r', '0', randomUUID()])
        for (const kind of ['last', 'item', 'chunk', 'end', 'fault', 'cancel', 'open', 'beat'])
          for (const inbox of [place, place.replace('.r.', '.c.'), `_INBOX.runner.*.c.*`, '_INBOX.secrets.c.*'])
            connection.publish(`${inbox}.${id}`, '"evil"', { headers: headersOf(kind, place) });
      await connection.flush();
      const items: string[] = [];
      for await (const item of exchange) items.push(item);
      let body = '';
      for await (const bytes of exchange.body) body += Buffer.from(bytes).toString();
      expect({ items, body }).toEqual({ items: ['true'], body: 'true' });
    });

    it('has no more ears than a runner needs', async () => {
      const connection = await attacker(await nats.admit());
      let refused = 0;
      void (async () => {
        for await (const status of connection.status()) if (status.type === 'error') refused++;
      })();
      for (let times = 0; times < 100; times++)
        connection.subscribe(runnerSubjects.run, { queue: 'runner', callback: () => {} });
      await connection.flush();
      await wait(50);
      expect(refused).toBeGreaterThanOrEqual(84);
    });

    it('cannot have a place of its own among those who answer it', async () => {
      const evil = await nats.admit();
      const runner = await bus(evil);
      const asked = runner.request(secretsSubjects.call('someone-else'), {}, { timeoutMs: 300 });
      await expect(asked).rejects.toMatchObject({ code: expect.stringMatching(/^bus\./) });
    });
  });

  describe('a runner', () => {
    it('makes its own identity, is admitted, and is renewed without losing anything', async () => {
      const secrets = await bus('secrets');
      const key = await nats.runnerKey();
      let admissions = 0;
      secrets.answer(secretsSubjects.admitRunner, 'secrets', async ({ message }) => {
        admissions++;
        return admitRunner(key, (message as { publicKey: string }).publicKey, 3_000);
      });
      await wait(50);
      const { bus: runner, id } = await joinAsRunner({ ...nats.address, creds: await nats.creds('join') }, log);
      open.push(runner);
      expect(id).toMatch(/^U[A-Z2-7]{55}$/);
      runner.answer(runnerSubjects.run, 'runner', async ({ message }) => {
        await wait(50);
        return message;
      });
      secrets.answer(secretsSubjects.anyCall, 'secrets', async ({ subject }) => subject);
      const gateway = await bus('gateway');
      await wait(50);
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

  describe('audit events', () => {
    it('are kept while nobody reads and the server restarts, and come once', async () => {
      const registry = await bus('registry');
      const heard: string[] = [];
      const leave = registry.consume(auditSubjects.anyEvent, 'registry', async (event) => {
        heard.push((event as { id: string }).id);
      });
      const secrets = await bus('secrets');
      const first = randomUUID();
      await secrets.keep(auditSubjects.event('secrets'), { id: first }, SOON);
      while (heard.length < 1) await wait(5);
      leave();
      const ids = Array.from({ length: 50 }, () => randomUUID());
      for (const id of ids.slice(0, 25)) await secrets.keep(auditSubjects.event('secrets'), { id }, SOON);
      await nats.down();
      const during = Promise.all(
        ids.slice(25).map((id) => secrets.keep(auditSubjects.event('secrets'), { id }, { timeoutMs: 10_000 })),
      );
      await wait(300);
      await nats.up();
      await during;
      for (const id of ids) await secrets.keep(auditSubjects.event('secrets'), { id }, SOON); // told twice
      const again = await bus('registry');
      again.consume(auditSubjects.anyEvent, 'registry', async (event) => {
        heard.push((event as { id: string }).id);
      });
      while (heard.length < 51) await wait(5);
      await wait(200);
      expect(heard.slice(1).sort()).toEqual([...ids].sort());
    });

    it('are kept by a server that comes back with nothing', async () => {
      const registry = await bus('registry');
      const heard: string[] = [];
      registry.consume(auditSubjects.anyEvent, 'registry', async (event) => {
        heard.push((event as { id: string }).id);
      });
      const secrets = await bus('secrets');
      await nats.down();
      await rm(join(nats.folder, 'store'), { recursive: true });
      await nats.up();
      const id = randomUUID();
      await secrets.keep(auditSubjects.event('secrets'), { id }, SOON);
      while (!heard.includes(id)) await wait(5);
    });

    it('are read although somebody keeps what is none, by the hundred', async () => {
      const registry = await bus('registry');
      const heard: unknown[] = [];
      registry.consume(auditSubjects.anyEvent, 'registry', async (event) => {
        heard.push(event);
      });
      const gateway = await nats.connect('gateway');
      open.push(gateway);
      for (let times = 0; times < 300; times++) gateway.publish(auditSubjects.event('gateway'), times === 0 ? '' : '{');
      await gateway.flush();
      const id = randomUUID();
      await (await bus('secrets')).keep(auditSubjects.event('secrets'), { id }, SOON);
      while (!heard.some((event) => (event as { id?: string }).id === id)) await wait(5);
      expect(heard.filter((event) => typeof event === 'string')).toHaveLength(300);
    });

    it('cannot be said in another’s name', async () => {
      const secrets = await bus('secrets');
      await expect(
        secrets.keep(auditSubjects.event('registry'), { id: randomUUID() }, { timeoutMs: 500 }),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^bus\./) });
    });
  });
});

function headersOf(kind: string, control: string) {
  const headers = makeHeaders();
  headers.append('fp-kind', kind);
  headers.append('fp-control', control);
  return headers;
}

async function cutOff(connection: NatsConnection): Promise<string> {
  for await (const { type } of connection.status()) if (type === 'disconnect') return 'disconnected';
  return 'closed';
}
