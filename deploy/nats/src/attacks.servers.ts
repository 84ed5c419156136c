import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { registrySubjects, runnerSubjects, secretsSubjects } from '@fingerpost/contracts';
import { headers as makeHeaders, type NatsConnection } from '@nats-io/transport-node';
import { describeOnGuardedNats } from './testing/nats-under-test.ts';

const SOON = { timeoutMs: 5_000 };

describeOnGuardedNats('a runner that was taken over', (on) => {
  it('learns nothing of runs that others have', async () => {
    const [gateway, victim, evil] = [
      await on.bus('gateway'),
      await on.bus(await on.nats.admit()),
      await on.nats.admit(),
    ];
    const secrets = await on.bus('secrets');
    const connection = await on.connect(evil);
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
    await sleep(50);
    for (let times = 0; times < 20; times++) await gateway.request(runnerSubjects.run, { canary: true }, SOON);
    await gateway.request(secretsSubjects.check, { names: ['canary'] }, SOON);
    await connection.flush();
    expect(heard).toEqual([]);
  });

  it('cannot answer for another, nor end or poison what another does, though it knows the gateway’s inbox', async () => {
    const gateway = await on.bus('gateway');
    const evil = await on.nats.admit();
    const connection = await on.connect(evil);
    const victim = await on.bus(await on.nats.admit());
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
      await sleep(300, undefined, { signal: call.signal });
      await call.sendBytes(Buffer.from('true'));
    });
    await sleep(50);
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
    const connection = await on.connect(await on.nats.admit());
    let refused = 0;
    void (async () => {
      for await (const status of connection.status()) if (status.type === 'error') refused++;
    })();
    for (let times = 0; times < 100; times++)
      connection.subscribe(runnerSubjects.run, { queue: 'runner', callback: () => {} });
    await connection.flush();
    await sleep(50);
    expect(refused).toBeGreaterThanOrEqual(84);
  });

  it('cannot have a place of its own among those who answer it', async () => {
    const evil = await on.nats.admit();
    const runner = await on.bus(evil);
    const asked = runner.request(secretsSubjects.call('someone-else'), {}, { timeoutMs: 300 });
    await expect(asked).rejects.toMatchObject({ code: expect.stringMatching(/^bus\./) });
  });
});

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

function headersOf(kind: string, control: string) {
  const headers = makeHeaders();
  headers.append('fp-kind', kind);
  headers.append('fp-control', control);
  return headers;
}
