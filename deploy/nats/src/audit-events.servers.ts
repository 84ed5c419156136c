import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditSubjects } from '@fingerpost/contracts';
import { describeOnGuardedNats } from './testing/nats-under-test.ts';

const SOON = { timeoutMs: 5_000 };

describeOnGuardedNats('audit events on a guarded NATS', (on) => {
  it('are kept while nobody reads and the server restarts, and come once', async () => {
    const registry = await on.bus('registry');
    const heard: string[] = [];
    const leave = registry.consume(auditSubjects.anyEvent, 'registry', async (event) => {
      heard.push((event as { id: string }).id);
    });
    const secrets = await on.bus('secrets');
    const first = randomUUID();
    await secrets.keep(auditSubjects.event('secrets'), { id: first }, SOON);
    while (heard.length < 1) await sleep(5);
    leave();
    const ids = Array.from({ length: 50 }, () => randomUUID());
    for (const id of ids.slice(0, 25)) await secrets.keep(auditSubjects.event('secrets'), { id }, SOON);
    await on.nats.down();
    const during = Promise.all(
      ids.slice(25).map((id) => secrets.keep(auditSubjects.event('secrets'), { id }, { timeoutMs: 10_000 })),
    );
    await sleep(300);
    await on.nats.up();
    await during;
    for (const id of ids) await secrets.keep(auditSubjects.event('secrets'), { id }, SOON); // told twice
    const again = await on.bus('registry');
    again.consume(auditSubjects.anyEvent, 'registry', async (event) => {
      heard.push((event as { id: string }).id);
    });
    while (heard.length < 51) await sleep(5);
    await sleep(200);
    expect(heard.slice(1).sort()).toEqual([...ids].sort());
  });

  it('are kept by a server that comes back with nothing', async () => {
    const registry = await on.bus('registry');
    const heard: string[] = [];
    registry.consume(auditSubjects.anyEvent, 'registry', async (event) => {
      heard.push((event as { id: string }).id);
    });
    const secrets = await on.bus('secrets');
    await on.nats.down();
    await rm(join(on.nats.folder, 'store'), { recursive: true });
    await on.nats.up();
    const id = randomUUID();
    await secrets.keep(auditSubjects.event('secrets'), { id }, SOON);
    while (!heard.includes(id)) await sleep(5);
  });

  it('are read although somebody keeps what is none, by the hundred', async () => {
    const registry = await on.bus('registry');
    const heard: unknown[] = [];
    registry.consume(auditSubjects.anyEvent, 'registry', async (event) => {
      heard.push(event);
    });
    const gateway = await on.connect('gateway');
    for (let times = 0; times < 300; times++) gateway.publish(auditSubjects.event('gateway'), times === 0 ? '' : '{');
    await gateway.flush();
    const id = randomUUID();
    await (await on.bus('secrets')).keep(auditSubjects.event('secrets'), { id }, SOON);
    while (!heard.some((event) => (event as { id?: string }).id === id)) await sleep(5);
    expect(heard.filter((event) => typeof event === 'string')).toHaveLength(300);
  });

  it('cannot be said in another’s name', async () => {
    const secrets = await on.bus('secrets');
    await expect(
      secrets.keep(auditSubjects.event('registry'), { id: randomUUID() }, { timeoutMs: 500 }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^bus\./) });
  });
});
