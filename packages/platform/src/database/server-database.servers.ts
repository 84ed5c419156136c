import { pino } from 'pino';
import { findPostgres, type RealPostgres, startPostgres } from '../testing/postgres.ts';
import { databaseContract } from './database.contract.ts';
import type { Database } from './database.ts';
import { openServer } from './server-database.ts';

const log = pino({ level: 'silent' });
const program = findPostgres();

(program === undefined ? describe.skip : describe)('a Postgres server', () => {
  let server: RealPostgres;
  const open = async () => openServer({ url: server.url }, log);
  beforeAll(async () => {
    server = await startPostgres(program!);
  });
  afterAll(() => server.stop());

  describe('is a database that', () => {
    databaseContract(open);
  });

  describe('that restarts', () => {
    let one: Database;
    let two: Database;
    beforeEach(async () => {
      [one, two] = [await open(), await open()];
    });
    afterEach(() => Promise.all([one.close(), two.close()]));

    it('takes the lock from its holder, who hears of it', async () => {
      const lock = await one.holdLock(7);
      const lost = new Promise((resolve) => lock!.lost.addEventListener('abort', resolve));
      await server.restart('immediate');
      await lost;
      const again = await two.holdLock(7);
      expect(again).toBeDefined();
      await again!.release();
    });

    it('is listened to again, and what was missed counts as heard', async () => {
      let heard = 0;
      one.listen('news', () => heard++);
      while (heard === 0) await pause();
      await server.restart('fast');
      const before = heard;
      while (heard === before) await pause();
      while (heard < before + 2) {
        await two.sql.execute(`SELECT pg_notify('news', '')`).catch(() => {});
        await pause();
      }
    });
  });

  it('gives back the connection on which a transaction could not begin, however many there were', async () => {
    const database = await open();
    for (let times = 0; times < 12; times++) {
      await database.sql.execute('SELECT 1');
      server.run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()`); // before anybody hears of it
      await expect(database.sql.transaction(async () => {})).rejects.toThrow();
    }
    await database.close();
  });

  it('tells why it cannot be reached', async () => {
    const database = openServer({ url: 'postgres://owner@127.0.0.1:1/postgres' }, log);
    await expect(database.sql.execute('SELECT 1')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await database.close();
  });

  it('is not believed without encryption that was asked for', async () => {
    const database = openServer({ url: `${server.url}?sslmode=verify-full` }, log);
    await expect(database.sql.execute('SELECT 1')).rejects.toMatchObject({
      cause: { message: expect.stringContaining('does not support SSL') },
    });
    await database.close();
  });
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
