import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { Database } from './database.ts';

/** What every database does. `open` gives another connection to the same one, where there can be several. */
export function databaseContract(open: () => Promise<Database>): void {
  let database: Database;
  const rows = async (query: ReturnType<typeof sql>) =>
    ((await database.sql.execute(query)) as unknown as { rows: Record<string, unknown>[] }).rows;

  beforeAll(async () => {
    database = await open();
    await database.sql.execute(sql`CREATE TABLE numbers (n int PRIMARY KEY)`);
  });
  afterAll(() => database.close());

  it('keeps all of a transaction or nothing', async () => {
    const failing = database.sql.transaction(async (tx) => {
      await tx.execute(sql`INSERT INTO numbers VALUES (1)`);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await database.sql.transaction((tx) => tx.execute(sql`INSERT INTO numbers VALUES (2)`));
    expect(await rows(sql`SELECT n FROM numbers`)).toEqual([{ n: 2 }]);
  });

  it('gives bytes back as they were', async () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    for (const bytes of [all, all.subarray(90, 99), new Uint8Array(), null]) {
      const [row] = await rows(sql`SELECT ${bytes}::bytea AS bytes`);
      expect(row!.bytes && [...(row!.bytes as Uint8Array)]).toEqual(bytes && [...bytes]);
    }
  });

  it('tells of notices until nobody listens any more', async () => {
    let heard = 0;
    const stop = database.listen('Some channel', () => heard++);
    await until(async () => {
      await database.sql.execute(sql`SELECT pg_notify('Some channel', '')`);
      return heard > 0;
    });
    stop();
    await sleep(50);
    const before = heard;
    await database.sql.execute(sql`SELECT pg_notify('Some channel', '')`);
    await sleep(50);
    expect(heard).toBe(before);
  });

  it('gives a lock to one at a time', async () => {
    const lock = await database.holdLock(42);
    expect(await database.holdLock(42)).toBeUndefined();
    const other = await database.holdLock(43);
    expect(other).toBeDefined();
    await lock!.release();
    const again = await until(() => database.holdLock(42));
    expect(again.lost.aborted).toBe(false);
    await Promise.all([again.release(), other!.release()]);
  });

  it('runs each migration once, though two begin together', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
    await mkdir(join(folder, 'meta'));
    const entries = [{ idx: 0, version: '7', when: 1_000, tag: '0000_first', breakpoints: true }];
    await writeFile(
      join(folder, 'meta/_journal.json'),
      JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
    );
    await writeFile(join(folder, '0000_first.sql'), 'CREATE TABLE made_once (n int);');
    await Promise.all([database.migrate(folder), database.migrate(folder)]);
    await database.migrate(folder);
    expect(await rows(sql`SELECT * FROM made_once`)).toEqual([]);
    await rm(folder, { recursive: true });
  });
}

async function until<T>(look: () => Promise<T>): Promise<NonNullable<T>> {
  while (true) {
    const found = await look();
    if (found) return found;
    await sleep(20);
  }
}
