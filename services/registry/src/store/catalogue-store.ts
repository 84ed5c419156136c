import type { SourceFault } from '@fingerpost/contracts';
import type { Database, Sql } from '@fingerpost/platform/database';
import { and, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import { append } from '../audit/trail.ts';
import type { DataFile } from '../build/data-file.ts';
import type { Version } from '../catalogue/version.ts';
import type { Change, Saved } from '../lead/draft.ts';
import type { OwnSpot } from '../lead/shelf.ts';
import type { Numbered } from '../review/revisions.ts';
import { bundles, catalogue, files, grants } from './schema.ts';

/** What those who follow are told of a file. */
export interface FileState {
  file: string;
  kind: 'integration' | 'data';
  /** of an integration */
  served?: Version;
  fault?: SourceFault;
  isGone: boolean;
}

/** The catalogue as of an epoch: all of it, or what changed since another. */
export interface Loaded {
  epoch: number;
  term: number;
  isOpen: boolean;
  dataDigest: string | undefined;
  isWhole: boolean;
  files: FileState[];
  grants: { digest: string; revision: number; isInForce: boolean }[];
}

/** Somebody else leads by now: nothing was written. */
export class TermOver extends Error {
  override readonly name = 'TermOver';
}

const CHANNEL = 'fingerpost_catalogue';
const ROWS_AT_A_TIME = 500;
/** Revisions begin at the clock: behind one this old nobody will come again. */
const FORGET_GRANTS_MS = 24 * 60 * 60 * 1000;
/** Runs that are under way may still ask for what left service; and what comes back need not be built again. */
const KEEP_BUNDLES = sql`now() - interval '10 minutes'`;

/** The catalogue's tables: one leader writes, in whole changes, and everybody reads what changed since they last looked. */
export class CatalogueStore {
  constructor(
    private readonly database: Database,
    private readonly now: () => number = Date.now,
  ) {}

  listen(hear: () => void) {
    return this.database.listen(CHANNEL, hear);
  }

  /** What there is now, or what is new since; nothing where nothing is. A new term is told whole: its leader may know less than the last. */
  async load(since?: { epoch: number; term: number }): Promise<Loaded | undefined> {
    const [seen] = await this.database.sql.select().from(catalogue);
    if (seen!.epoch === since?.epoch && seen!.term === since.term) return undefined;
    return await this.database.sql.transaction(
      async (tx) => {
        const [row] = await tx.select().from(catalogue);
        const { epoch, term, isOpen } = row!;
        const isWhole = since?.term !== term || since.epoch > epoch;
        const after = isWhole ? -1 : since.epoch;
        return {
          ...{ epoch, term, isOpen, isWhole, dataDigest: row!.dataDigest ?? undefined },
          files: (await tx.select(OF_FILE).from(files).where(gt(files.changedIn, after))).map(toFileState),
          grants: await tx.select(OF_GRANT).from(grants).where(gt(grants.changedIn, after)),
        };
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    );
  }

  async bundle(digest: string): Promise<Uint8Array | undefined> {
    const rows = await this.database.sql
      .select({ bytes: bundles.bytes })
      .from(bundles)
      .where(eq(bundles.digest, digest));
    return rows[0]?.bytes;
  }

  async sourceMap(digest: string): Promise<Uint8Array | undefined> {
    const rows = await this.database.sql
      .select({ bytes: bundles.sourceMap })
      .from(bundles)
      .where(eq(bundles.digest, digest));
    return rows[0]?.bytes ?? undefined;
  }

  /** From here on nobody who began before can write. */
  async beginTerm(): Promise<{ term: number; saved: Saved }> {
    return await this.database.sql.transaction(async (tx) => {
      const [row] = await tx.select().from(catalogue).for('update');
      const term = this.after(row!.epoch);
      await tx.update(catalogue).set({ epoch: term, term });
      await tx.delete(files).where(eq(files.isGone, true)); // a new term is told whole: nobody needs to hear of them
      await tx
        .delete(grants)
        .where(and(eq(grants.isInForce, false), lt(grants.revision, this.now() - FORGET_GRANTS_MS)));
      await notify(tx);
      return { term, saved: await savedIn(tx, row!.dataDigest) };
    });
  }

  /** All of a change, or nothing. @throws TermOver */
  async save(change: Change, term: number): Promise<void> {
    await this.database.sql.transaction(async (tx) => {
      const [row] = await tx.select().from(catalogue).for('update');
      if (row!.term !== term) throw new TermOver('another replica leads');
      const epoch = this.after(row!.epoch);
      await saveBundles(tx, change);
      await saveFiles(tx, change, epoch);
      await saveGrants(tx, change.grants, epoch);
      await tx.update(catalogue).set({ epoch, isOpen: true, dataDigest: change.dataDigest ?? null });
      await append(
        tx,
        change.events.map((event) => ({ service: 'registry', event })),
      );
      await notify(tx);
    });
  }

  /** A new epoch without a change: those who hold something signed should come for it again. */
  async renew(): Promise<void> {
    await this.database.sql.transaction(async (tx) => {
      const [row] = await tx.select().from(catalogue).for('update');
      await tx.update(catalogue).set({ epoch: this.after(row!.epoch) });
      await notify(tx);
    });
  }

  // Ahead of whatever an older state of the database may have said, too.
  private after(epoch: number): number {
    return Math.max(epoch + 1, this.now());
  }
}

const notify = (tx: Sql) => tx.execute(sql`SELECT pg_notify(${CHANNEL}, '')`);

// Of a data file those who follow show the fault alone: its text stays where it is.
const OF_FILE = {
  file: files.file,
  kind: files.kind,
  served: sql<string | null>`CASE WHEN ${files.kind} = 'integration' THEN ${files.served} END`,
  fault: files.fault,
  isGone: files.isGone,
};
const OF_GRANT = { digest: grants.digest, revision: grants.revision, isInForce: grants.isInForce };

const toFileState = ({ file, kind, served, fault, isGone }: FileRow): FileState => ({
  ...{ file, kind, isGone },
  served: served === null ? undefined : (JSON.parse(served) as Version),
  fault: fault ?? undefined,
});

interface FileRow {
  file: string;
  kind: 'integration' | 'data';
  served: string | null;
  fault: SourceFault | null;
  isGone: boolean;
}

async function savedIn(tx: Sql, dataDigest: string | null): Promise<Saved> {
  const rows = await tx.select().from(files);
  const spots = (kind: FileState['kind']) => rows.filter((row) => row.kind === kind).map(toSpot);
  const numbered = (await tx.select().from(grants)).map(({ digest, ...grant }): [string, Numbered] => [digest, grant]);
  return {
    integrations: spots('integration') as OwnSpot<Version>[],
    data: spots('data') as OwnSpot<DataFile>[],
    grants: new Map(numbered),
    dataDigest: dataDigest ?? undefined,
  };
}

function toSpot(row: typeof files.$inferSelect): OwnSpot<Version | DataFile> {
  const { file, claimedIn, admitted, served, ownFault, fault } = row;
  const spot = {
    ...{ file, claimedIn },
    ...{ admitted: admitted ?? undefined, ownFault: ownFault ?? undefined, fault: fault ?? undefined },
  };
  // Mostly what serves is what was admitted, and a shelf knows by that whether it changed.
  const isAdmitted = served !== null && JSON.stringify(served) === JSON.stringify(admitted);
  return { ...spot, served: isAdmitted ? spot.admitted : (served ?? undefined) };
}

async function saveBundles(tx: Sql, { bundles: built, left, back }: Change): Promise<void> {
  for (const { digest, bytes, sourceMap } of built)
    await tx
      .insert(bundles)
      .values({ digest, bytes, sourceMap })
      .onConflictDoUpdate({ target: bundles.digest, set: { bytes, sourceMap, leftAt: null } });
  for (const digests of inParts(back))
    await tx.update(bundles).set({ leftAt: null }).where(inArray(bundles.digest, digests));
  for (const digests of inParts(left))
    await tx.update(bundles).set({ leftAt: sql`now()` }).where(inArray(bundles.digest, digests));
  await tx.delete(bundles).where(lt(bundles.leftAt, KEEP_BUNDLES));
}

async function saveFiles(tx: Sql, { integrations, data }: Change, changedIn: number): Promise<void> {
  const rows = [
    ...[...integrations].map(([file, spot]) => toRow(file, 'integration', spot, changedIn)),
    ...[...data].map(([file, spot]) => toRow(file, 'data', spot, changedIn)),
  ];
  for (const part of inParts(rows))
    await tx
      .insert(files)
      .values(part)
      .onConflictDoUpdate({ target: files.file, set: allBut(files, 'file') });
}

function toRow(
  file: string,
  kind: FileState['kind'],
  spot: OwnSpot<Version | DataFile> | undefined,
  changedIn: number,
): typeof files.$inferInsert {
  const { claimedIn = 0, admitted = null, served = null, ownFault = null, fault = null } = spot ?? {};
  return { file, kind, claimedIn, admitted, served, ownFault, fault, isGone: spot === undefined, changedIn };
}

async function saveGrants(tx: Sql, changes: Change['grants'], changedIn: number): Promise<void> {
  for (const part of inParts([...changes]))
    await tx
      .insert(grants)
      .values(part.map(([digest, numbered]) => ({ digest, ...numbered, changedIn })))
      .onConflictDoUpdate({ target: grants.digest, set: allBut(grants, 'digest') });
}

/** Every column but the key as the row that was refused has it. */
function allBut<T extends typeof files | typeof grants>(table: T, key: string) {
  const columns = Object.entries(table).filter(([name, column]) => name !== key && 'name' in Object(column));
  return Object.fromEntries(
    columns.map(([name, column]) => [name, sql`excluded.${sql.identifier((column as { name: string }).name)}`]),
  );
}

function inParts<T>(items: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += ROWS_AT_A_TIME) parts.push(items.slice(at, at + ROWS_AT_A_TIME));
  return parts;
}
