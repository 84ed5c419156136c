import type { Sql } from '@fingerpost/platform/database';
import { inArray, lt, sql } from 'drizzle-orm';
import type { DataFile } from '../build/data-file.ts';
import type { Version } from '../catalogue/version.ts';
import type { Change } from '../lead/draft.ts';
import type { OwnSpot } from '../lead/shelf.ts';
import { bundles, files, grants } from './schema.ts';

type FileRow = typeof files.$inferInsert;

const ROWS_AT_A_TIME = 500;
/** Runs that are under way may still ask for what left service; and what comes back need not be built again. */
const KEEP_BUNDLES = sql`now() - interval '10 minutes'`;

/** Writes what changed, as of that epoch. */
export async function saveChange(tx: Sql, change: Change, epoch: number): Promise<void> {
  await saveBundles(tx, change);
  await saveFiles(tx, change, epoch);
  await saveGrants(tx, change.grants, epoch);
}

async function saveBundles(tx: Sql, { bundles: built, left, back }: Change): Promise<void> {
  for (const { digest, bytes, sourceMap } of built)
    await tx
      .insert(bundles)
      .values({ digest, bytes, sourceMap })
      .onConflictDoUpdate({ target: bundles.digest, set: { ...allBut(bundles, 'digest'), leftAt: null } });
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
  kind: FileRow['kind'],
  spot: OwnSpot<Version | DataFile> | undefined,
  changedIn: number,
): FileRow {
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
function allBut<T extends typeof bundles | typeof files | typeof grants>(table: T, key: string) {
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
