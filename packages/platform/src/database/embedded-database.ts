import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, type PGliteOptions, types } from '@electric-sql/pglite';
import { dataDir } from '@electric-sql/pglite-prepopulatedfs';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import type { Unsubscribe } from '../bus/bus.ts';
import type { Database, HeldLock, Sql } from './database.ts';
import { lockFolder } from './folder-lock.ts';

// Its own defaults are for a machine of its own: 160 MB of buffers, all of them touched.
const SMALL = ['shared_buffers=8MB', 'max_connections=5'];
const OPTIONS: PGliteOptions = {
  startParams: [...PGlite.defaultStartParams, ...SMALL.flatMap((setting) => ['-c', setting])],
  // Its own ones make a string of each byte: half a second a megabyte, and nobody else gets a turn.
  serializers: { [types.BYTEA]: (bytes: Uint8Array) => `\\x${bytes.toHex()}` },
  parsers: { [types.BYTEA]: (hex: string) => Uint8Array.fromHex(hex.slice(2)) },
};

/**
 * Postgres inside this process. A folder has one process at a time; without one all is in memory. What was committed survives the end of
 * the process, however it ends; not surely that of the machine.
 * @throws Error where another process has the folder
 */
export async function openEmbedded(folder?: string): Promise<Database> {
  if (folder === undefined) return new EmbeddedDatabase(await createIn(undefined));
  const unlock = await lockFolder(folder);
  try {
    return new EmbeddedDatabase(await openIn(folder), unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function openIn(folder: string): Promise<PGlite> {
  const [data, unfinished] = [join(folder, 'postgres'), join(folder, 'unfinished')];
  if (!existsSync(data)) {
    rmSync(unfinished, { recursive: true, force: true });
    await (await createIn(unfinished)).close();
    renameSync(unfinished, data); // all of it or nothing
  }
  return await PGlite.create({ ...OPTIONS, dataDir: data });
}

// From a prepared one: initdb takes two seconds and 700 MB.
const createIn = async (data: string | undefined) =>
  await PGlite.create({ ...OPTIONS, dataDir: data, loadDataDir: await dataDir() });

class EmbeddedDatabase implements Database {
  readonly sql: Sql;
  private readonly locks = new Map<number, AbortController>();
  private migrating: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly client: PGlite,
    private readonly unlock: () => void = () => {},
  ) {
    this.sql = drizzle(client) as unknown as Sql;
  }

  listen(channel: string, hear: () => void): Unsubscribe {
    let isStopped = false;
    const listening = this.client.listen(`"${channel}"`, () => isStopped || hear());
    listening.catch(() => {}); // it was closed meanwhile
    return () => {
      isStopped = true;
      void listening.then(async (unlisten) => this.client.closed || (await unlisten())).catch(() => {});
    };
  }

  // There is no other process; within this one they are held apart all the same.
  async holdLock(key: number): Promise<HeldLock | undefined> {
    if (this.locks.has(key)) return undefined;
    const lost = new AbortController();
    this.locks.set(key, lost);
    return { lost: lost.signal, release: async () => void this.locks.delete(key) };
  }

  async migrate(folder: string): Promise<void> {
    const before = this.migrating.catch(() => {});
    this.migrating = before.then(() => migrate(drizzle(this.client), { migrationsFolder: folder }));
    await this.migrating;
  }

  async close(): Promise<void> {
    for (const lost of this.locks.values()) lost.abort();
    if (!this.client.closed) await this.client.close();
    this.unlock();
  }
}
