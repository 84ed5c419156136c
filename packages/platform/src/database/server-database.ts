import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import type { PgTransactionConfig } from 'drizzle-orm/pg-core';
import pg from 'pg';
import type { Unsubscribe } from '../bus/bus.ts';
import type { Log } from '../log/log.ts';
import { connectionOf, type ServerSettings } from './connection.ts';
import type { Database, HeldLock, Sql } from './database.ts';

const CONNECTIONS = 8;
const AGAIN_MS = 500;
const STILL_THERE_MS = 1_000;
const MIGRATING = 7_310_001;

/** A Postgres server. Connects when it is first asked, and again after the server was away. */
export function openServer(settings: ServerSettings, log: Log): Database {
  return new ServerDatabase(connectionOf(settings), log);
}

class ServerDatabase implements Database {
  readonly sql: Sql;
  private readonly pool: pg.Pool;
  private readonly closing = new AbortController();

  constructor(
    private readonly connection: pg.ClientConfig,
    private readonly log: Log,
  ) {
    this.pool = new pg.Pool({ ...connection, max: CONNECTIONS });
    this.pool.on('error', (error) => log.debug({ err: error }, 'an idle connection to the database ended'));
    // One that is lent out has no listener of the pool's: between two queries of a transaction its end would be the end of the process.
    this.pool.on('connect', (client) => client.on('error', () => {}));
    this.sql = Object.assign(drizzle(this.pool), { transaction: this.transaction }) as unknown as Sql;
  }

  // Drizzle's own keeps the connection for ever on which a transaction could not begin: the pool would be empty after some restarts of the server.
  private readonly transaction = async <T>(work: (tx: Sql) => Promise<T>, config?: PgTransactionConfig): Promise<T> => {
    const client = await this.pool.connect();
    try {
      const result = await drizzle(client).transaction((tx) => work(tx as unknown as Sql), config);
      client.release();
      return result;
    } catch (error) {
      client.release(true); // perhaps it is broken
      throw error;
    }
  };

  listen(channel: string, hear: () => void): Unsubscribe {
    const stop = new AbortController();
    void this.keepListening(channel, hear, AbortSignal.any([stop.signal, this.closing.signal]));
    return () => stop.abort();
  }

  private async keepListening(channel: string, hear: () => void, stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      const client = new pg.Client(this.connection);
      const ended = endOf(client, stopped);
      client.on('notification', hear);
      try {
        await client.connect();
        await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
        hear(); // what was said before was missed
        await ended;
      } catch (error) {
        this.log.debug({ err: error }, 'cannot listen to the database');
      }
      await end(client);
      if (!stopped.aborted) await pause(AGAIN_MS);
    }
  }

  async holdLock(key: number): Promise<HeldLock | undefined> {
    const client = new pg.Client(this.connection);
    const lost = new AbortController();
    void endOf(client, this.closing.signal).then(() => lost.abort());
    try {
      await client.connect();
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS held', [key]);
      if (rows[0].held !== true) return void (await end(client));
    } catch (error) {
      await end(client);
      throw error;
    }
    void watch(client, lost);
    return { lost: lost.signal, release: () => end(client) };
  }

  async migrate(folder: string): Promise<void> {
    // Waits for another one's migrations, however long they take.
    const client = new pg.Client({ ...this.connection, query_timeout: 0, statement_timeout: 0 });
    await client.connect();
    try {
      await client.query('SELECT pg_advisory_lock($1)', [MIGRATING]);
      await migrate(drizzle(client), { migrationsFolder: folder });
    } finally {
      await end(client);
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.pool.end();
  }
}

/** Resolves when the connection is over, or nobody wants it any more. */
function endOf(client: pg.Client, unwanted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    client.on('error', () => resolve()).on('end', () => resolve());
    unwanted.addEventListener('abort', () => resolve());
  });
}

/** A server that is gone without a word keeps no lock. */
async function watch(client: pg.Client, lost: AbortController): Promise<void> {
  while (!lost.signal.aborted) {
    await pause(STILL_THERE_MS);
    if (!lost.signal.aborted) await client.query('SELECT 1').catch(() => lost.abort());
  }
  await end(client);
}

// A connection that never came about, or is half dead, may not end by itself.
const end = (client: pg.Client) => Promise.race([client.end().catch(() => {}), pause(1_000)]);

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
