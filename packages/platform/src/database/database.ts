import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { Unsubscribe } from '../bus/bus.ts';

/** Queries by drizzle; transactions by `sql.transaction`. */
export type Sql = PgDatabase<PgQueryResultHKT>;

/**
 * Postgres, as a server that many processes share or embedded in this one. Both speak the same SQL and have the same migrations.
 * What fails because the database is away, fails with its driver's error: whoever can wait tries again.
 */
export interface Database {
  readonly sql: Sql;
  /** Calls back at every NOTIFY on the channel, and whenever some may have been missed. */
  listen(channel: string, hear: () => void): Unsubscribe;
  /** Of all processes one has it, for as long as its connection lives; nothing where another has it. */
  holdLock(key: number): Promise<HeldLock | undefined>;
  /** Runs what is new in a folder that drizzle-kit wrote. Two at once are harmless. */
  migrate(folder: string): Promise<void>;
  close(): Promise<void>;
}

export interface HeldLock {
  /** fires when another may have it */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Why a query failed, without the query: its values do not belong into a log. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { message?: string; code?: string }; message: string };
  return cause === undefined ? message : cause.message || String(cause.code);
}
