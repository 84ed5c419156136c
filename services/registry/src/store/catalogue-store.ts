import type { SourceFault } from '@fingerpost/contracts';
import type { Database, Sql } from '@fingerpost/platform/database';
import { and, eq, gt, lt, sql } from 'drizzle-orm';
import { append } from '../audit/trail.ts';
import type { Version } from '../catalogue/version.ts';
import type { Change, Saved } from '../lead/draft.ts';
import { saveChange } from './save-change.ts';
import { savedIn } from './saved-in.ts';
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
/** Revisions begin at the clock: behind one this old nobody will come again. */
const FORGET_GRANTS_MS = 24 * 60 * 60 * 1000;

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
          epoch,
          term,
          isOpen,
          isWhole,
          dataDigest: row!.dataDigest ?? undefined,
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
      await saveChange(tx, change, epoch);
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
  file,
  kind,
  isGone,
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
