import type { Sql } from '@fingerpost/platform/database';
import type { DataFile } from '../build/data-file.ts';
import type { Version } from '../catalogue/version.ts';
import type { Saved } from '../lead/draft.ts';
import type { OwnSpot } from '../lead/shelf.ts';
import type { Numbered } from '../review/revisions.ts';
import { files, grants } from './schema.ts';

type FileRow = typeof files.$inferSelect;

/** All that a leader goes on from. */
export async function savedIn(tx: Sql, dataDigest: string | null): Promise<Saved> {
  const rows = await tx.select().from(files);
  const spots = (kind: FileRow['kind']) => rows.filter((row) => row.kind === kind).map(toSpot);
  const numbered = (await tx.select().from(grants)).map(({ digest, ...grant }): [string, Numbered] => [digest, grant]);
  return {
    integrations: spots('integration') as OwnSpot<Version>[],
    data: spots('data') as OwnSpot<DataFile>[],
    grants: new Map(numbered),
    dataDigest: dataDigest ?? undefined,
  };
}

function toSpot(row: FileRow): OwnSpot<Version | DataFile> {
  const { file, claimedIn, admitted, served, ownFault, fault } = row;
  const spot = {
    file,
    claimedIn,
    admitted: admitted ?? undefined,
    ownFault: ownFault ?? undefined,
    fault: fault ?? undefined,
  };
  // Mostly what serves is what was admitted, and a shelf knows by that whether it changed.
  const isAdmitted = served !== null && JSON.stringify(served) === JSON.stringify(admitted);
  return { ...spot, served: isAdmitted ? spot.admitted : (served ?? undefined) };
}
