import { hash, randomUUID } from 'node:crypto';
import { type AuditEvent, type AuditRequest, auditSubjects } from '@fingerpost/contracts';
import { canonicalJson, createLog, LocalExchange, WireBus } from '@fingerpost/platform';
import type { Database } from '@fingerpost/platform/database';
import { sql } from 'drizzle-orm';
import { auditTrail } from '../store/schema.ts';
import { fresh } from '../testing/fresh-database.ts';
import { until } from '../testing/until.ts';
import { hearEvents } from './hear-events.ts';
import { append, latestOf, readTrail, type TrailRow, verifyTrail } from './trail.ts';

const event = (target: string, more: Partial<AuditEvent> = {}): AuditEvent => ({
  id: randomUUID(),
  at: '2026-11-25T12:00:00.000Z',
  actor: 'folder',
  action: 'version.served',
  target,
  ...more,
});
const say = (service: string, ...targets: string[]) => targets.map((target) => ({ service, event: event(target) }));

/** What the trail holds, and what it shows of whoever tampers with it, on any Postgres. */
export function trailContract(open: () => Promise<Database>): void {
  let database: Database;
  const write = (said: Parameters<typeof append>[1]) => database.sql.transaction((tx) => append(tx, said));
  const rows = () => Array.fromAsync(readTrail(database.sql));
  const targets = async () => (await rows()).map((row) => (JSON.parse(row.event) as AuditEvent).target);
  const verify = (remembered?: { seq: number; hash: string }) => verifyTrail(readTrail(database.sql), remembered);
  /** with the walls down, as the tables' owner can take them down */
  const tamper = async (...statements: string[]) => {
    await database.sql.execute(sql`ALTER TABLE audit_trail DISABLE TRIGGER ALL`);
    for (const statement of statements) await database.sql.execute(sql.raw(statement));
    await database.sql.execute(sql`ALTER TABLE audit_trail ENABLE TRIGGER ALL`);
  };

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await fresh(database);
    await write(say('registry', 'a', 'b', 'c', 'd'));
  });

  it('numbers without gaps, whatever was rolled back', async () => {
    const failing = database.sql.transaction(async (tx) => {
      await append(tx, say('registry', 'never'));
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await write(say('gateway', 'e'));
    expect((await rows()).map(({ seq, service }) => [seq, service])).toEqual([
      [1, 'registry'],
      [2, 'registry'],
      [3, 'registry'],
      [4, 'registry'],
      [5, 'gateway'],
    ]);
    expect(await verify()).toMatchObject({ seq: 5 });
  });

  it('stays one chain when many write at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => write(say('gateway', `${n}`, `${n} too`))));
    expect(await verify()).toMatchObject({ seq: 44 });
  });

  it('writes an event down once, however often it comes', async () => {
    const twice = { service: 'secrets', event: event('twice') };
    await write([twice, twice]);
    await write([twice]);
    expect(await targets()).toEqual(['a', 'b', 'c', 'd', 'twice']);
  });

  it('lets nobody use up the id of another one’s event', async () => {
    const honest = event('honest');
    await write([{ service: 'gateway', event: { ...honest, target: 'forged' } }]);
    await write([{ service: 'secrets', event: honest }]);
    expect(await targets()).toEqual(['a', 'b', 'c', 'd', 'forged', 'honest']);
  });

  it('keeps what is said with odd characters', async () => {
    const odd = '\u0000 \ud800 \u2028 “';
    await write([{ service: 'gateway', event: event('odd', { detail: { odd } }) }]);
    await verify();
    expect(JSON.parse((await rows()).at(-1)!.event).detail.odd).toBe(odd);
  });

  it.each(['UPDATE audit_trail SET event = event', 'DELETE FROM audit_trail', 'TRUNCATE audit_trail'])(
    'refuses to %s',
    async (statement) => {
      await expect(database.sql.execute(sql.raw(statement))).rejects.toMatchObject({
        cause: { message: expect.stringContaining('only grows') },
      });
      expect(await verify()).toMatchObject({ seq: 4 });
    },
  );

  it.each([
    ['was changed', 2, [`UPDATE audit_trail SET event = replace(event, '"b"', '"x"') WHERE seq = 2`]],
    ['has another time', 3, [`UPDATE audit_trail SET recorded_at = '2020-01-01T00:00:00.000Z' WHERE seq = 3`]],
    ['is said to be another one’s', 3, [`UPDATE audit_trail SET service = 'gateway' WHERE seq = 3`]],
    ['is gone', 2, ['DELETE FROM audit_trail WHERE seq = 2']],
    [
      'is gone, and the others closed up',
      2,
      ['DELETE FROM audit_trail WHERE seq = 2', 'UPDATE audit_trail SET seq = seq - 1 WHERE seq > 2'],
    ],
    ['was the first', 1, ['DELETE FROM audit_trail WHERE seq = 1']],
    [
      'changed places',
      2,
      [
        'UPDATE audit_trail SET seq = 99 WHERE seq = 2',
        'UPDATE audit_trail SET seq = 2 WHERE seq = 3',
        'UPDATE audit_trail SET seq = 3 WHERE seq = 99',
      ],
    ],
    [
      'was put in',
      3,
      [
        'UPDATE audit_trail SET seq = seq + 100 WHERE seq >= 3',
        'UPDATE audit_trail SET seq = seq - 99 WHERE seq >= 103',
        `INSERT INTO audit_trail SELECT 3, gen_random_uuid(), service, event, recorded_at, previous_hash, hash FROM audit_trail WHERE seq = 2`,
      ],
    ],
  ])('names the row that %s', async (_what, seq, statements) => {
    await tamper(...statements);
    await expect(verify()).rejects.toMatchObject({ name: 'TrailBroken', seq });
  });

  it('shows that its tail was cut off to whoever remembers where it ended', async () => {
    const remembered = await verify();
    await write(say('registry', 'e'));
    await verify(remembered);
    await tamper('DELETE FROM audit_trail WHERE seq >= 4');
    expect(await verify()).toMatchObject({ seq: 3 });
    await expect(verify(remembered)).rejects.toMatchObject({ seq: 4 });
    await write(say('registry', 'in its place'));
    await expect(verify(remembered)).rejects.toMatchObject({ seq: 4 });
  });

  it('is read from the latest, page by page, and by who did what', async () => {
    const page = async (request: object) =>
      (await latestOf(database.sql, request as AuditRequest)).map(({ seq }) => seq);
    const all = await page({ limit: 100 });
    expect(all).toEqual(all.toSorted((a, b) => b - a));
    expect(await page({ limit: 2 })).toEqual(all.slice(0, 2));
    expect(await page({ limit: 2, before: all[1] })).toEqual(all.slice(2, 4));
    await write(say('gateway', 'x%", "actor":"eve"'));
    const [latest] = await latestOf(database.sql, { limit: 1 });
    expect(latest).toMatchObject({ service: 'gateway', event: { target: 'x%", "actor":"eve"' } });
    const { actor, action } = latest!.event;
    expect((await page({ limit: 100, actor, action })).length).toBeGreaterThan(0);
    for (const nobody of ['%', 'eve', '_', "' OR 1=1 --", '"'])
      expect(await page({ limit: 100, actor: nobody })).toEqual([]);
  });

  it('is searched by what stands in its events, and by nothing of how they are written', async () => {
    await write([{ service: 'gateway', event: event('Café “x%”', { detail: { reason: 'say "when"' } }) }]);
    const found = async (search: string) =>
      (await latestOf(database.sql, { limit: 100, search })).map(({ event }) => event.target);
    for (const search of ['café', 'X%', 'say "WHEN"']) expect(await found(search)).toEqual(['Café “x%”']);
    expect(await found('version.served')).toHaveLength(5);
    for (const nothing of ['caf_', "' OR 1=1 --", '\\']) expect(await found(nothing)).toEqual([]);
  });

  it('takes whatever a service may say: every sign, half ones too, and much of it', async () => {
    const signs = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code)).join('');
    const odd = `${signs}\u2028\u2029\ufeff\uffff\u{1f9ed}\ud800 \udc00</script>`;
    const detail = { [odd]: odd, big: 1e308, small: -5e-324, zero: -0, many: 2 ** 53, much: 'ß"\\'.repeat(200_000) };
    await write([{ service: 'gateway', event: event(odd, { actor: odd, detail: detail as never }) }]);
    await write(say('gateway', 'after'));
    expect(await verify()).toMatchObject({ seq: 6 });
  });

  describe('a row that somebody else puts in', () => {
    const insert = async (more: Partial<TrailRow>) => {
      const last = (await rows()).at(-1)!;
      const row = { ...last, id: randomUUID(), seq: last.seq + 1, previousHash: last.hash };
      await database.sql.insert(auditTrail).values({ ...row, ...more });
    };

    it.each<[string, Partial<TrailRow>]>([
      ['the highest number there is', { seq: Number.MAX_SAFE_INTEGER }],
      ['a number that leaves a gap', { seq: 6 }],
      ['the number 0', { seq: 0 }],
      ['another hash before it', { previousHash: '0'.repeat(64) }],
      ['a hash that is not its own', { hash: 'f'.repeat(64) }],
      ['the hash of what it was copied from', {}],
    ])('is refused with %s', async (_what, more) => {
      await expect(insert(more)).rejects.toMatchObject({
        cause: { message: expect.stringContaining('does not follow') },
      });
      await write(say('gateway', 'e'));
      expect(await verify()).toMatchObject({ seq: 5 });
    });
  });

  it.each(['null', '{}', '[]', 'no JSON', '{"id":1,"actor":{}}'])(
    'is read and named by its number where somebody put in a row that follows and holds %s',
    async (text) => {
      const last = (await rows()).at(-1)!;
      const { hash: _, ...row } = { ...last, id: randomUUID(), seq: 5, previousHash: last.hash, event: text };
      await database.sql.insert(auditTrail).values({ ...row, hash: hash('sha256', canonicalJson(row)) });
      await write(say('gateway', 'after'));
      const shown = await latestOf(database.sql, { limit: 10 });
      expect(shown.map(({ event }) => event.target)).toEqual(['after', 'audit_trail', 'd', 'c', 'b', 'a']);
      expect(shown[1]).toMatchObject({ event: { action: 'event.malformed', detail: { text } } });
      await expect(verify()).rejects.toThrow('row 5: what it holds is no event');
    },
  );

  describe('what other services say', () => {
    const log = createLog('test', { level: 'silent', format: 'json' });
    const exchange = new LocalExchange();
    const [theirs, ours] = [new WireBus(exchange.connect(), log), new WireBus(exchange.connect(), log)];
    let stop: () => void;
    beforeEach(() => {
      stop = hearEvents(ours, database, log);
    });
    afterEach(() => stop());
    afterAll(() => Promise.all([theirs.drain(), ours.drain()]));
    const keep = (subject: string, message: { id: string }) => theirs.keep(subject, message, { timeoutMs: 5_000 });

    it('is in the trail when it is kept, under the name that the bus vouches for', async () => {
      const revealed = event('KEY', { action: 'secret.revealed', actor: 'integration:a' });
      await keep(auditSubjects.event('secrets'), { ...revealed, service: 'registry' } as AuditEvent);
      await keep(auditSubjects.event('secrets'), revealed);
      const [row] = (await rows()).slice(4);
      expect(row!.service).toBe('secrets');
      expect(JSON.parse(row!.event)).toEqual(revealed);
      expect(await verify()).toMatchObject({ seq: 5 });
    });

    it('is written down as malformed where it is no event, once, and nothing is held up by it', async () => {
      for (const odd of [
        'no event' as never,
        { id: 'x' },
        { ...event('long'), target: 'x'.repeat(5_000) },
        { ...event('at'), at: 'now' },
      ])
        for (let times = 0; times < 2; times++) await keep(auditSubjects.event('gateway'), odd);
      const actions = (await rows()).slice(4).map((row) => (JSON.parse(row.event) as AuditEvent).action);
      expect(actions).toEqual(Array(4).fill('event.malformed'));
      await verify();
    });

    it('is not done with while it cannot be written', async () => {
      await database.sql.execute(sql`ALTER TABLE audit_trail RENAME TO away`);
      const lost = event('later');
      await expect(keep(auditSubjects.event('gateway'), lost)).rejects.toThrow();
      await database.sql.execute(sql`ALTER TABLE away RENAME TO audit_trail`);
      await until(async () => {
        await keep(auditSubjects.event('gateway'), lost);
        return true;
      });
      expect((await targets()).filter((target) => target === 'later')).toHaveLength(1);
    });
  });
}
