import { hash } from 'node:crypto';
import type { AuditEvent, AuditRequest, AuditRow } from '@fingerpost/contracts';
import { canonicalJson } from '@fingerpost/platform';
import type { Sql } from '@fingerpost/platform/database';
import { and, asc, desc, gt, inArray, lt, sql } from 'drizzle-orm';
import { auditTrail } from '../store/schema.ts';

export interface Said {
  /** by the bus's permissions, not by the event's own word */
  service: string;
  event: AuditEvent;
}

export type TrailRow = typeof auditTrail.$inferSelect;

/** What stands before the first row. */
const BEGINNING = '0'.repeat(64);
const APPENDING = 7_310_003;
const ROWS_AT_A_TIME = 500;
const MOST_TEXT = 2_000;

/**
 * Writes down what was said, once, in the caller's transaction. One writer at a time, whatever the replica: a row's hash holds the one
 * before, so that numbers have no gaps and no row can be changed, left out or put in without all that come after it.
 */
export async function append(tx: Sql, said: readonly Said[], now: () => Date = () => new Date()): Promise<void> {
  if (said.length === 0) return;
  await tx.execute(sql`SELECT pg_advisory_xact_lock(${APPENDING})`);
  let last = await head(tx);
  const known = await knownAmong(tx, said);
  for (let at = 0; at < said.length; at += ROWS_AT_A_TIME) {
    const rows: TrailRow[] = [];
    for (const { service, event } of said.slice(at, at + ROWS_AT_A_TIME)) {
      if (known.has(`${service} ${event.id}`)) continue;
      known.add(`${service} ${event.id}`);
      last = rowAfter(last, service, event, now().toISOString());
      rows.push(last);
    }
    if (rows.length > 0) await tx.insert(auditTrail).values(rows);
  }
}

export async function head(tx: Sql): Promise<TrailRow | undefined> {
  return (await tx.select().from(auditTrail).orderBy(desc(auditTrail.seq)).limit(1))[0];
}

/** From the first to the last. */
export async function* readTrail(tx: Sql): AsyncGenerator<TrailRow> {
  for (let after = 0; ; ) {
    const rows = await tx
      .select()
      .from(auditTrail)
      .where(gt(auditTrail.seq, after))
      .orderBy(asc(auditTrail.seq))
      .limit(ROWS_AT_A_TIME);
    yield* rows;
    if (rows.length === 0) return;
    after = rows.at(-1)!.seq;
  }
}

/** The latest first; of those that are asked for alone, by the text of their event. */
export async function latestOf(tx: Sql, { before, limit, actor, action, search }: AuditRequest): Promise<AuditRow[]> {
  const says = (name: string, value: string | undefined) =>
    value === undefined ? undefined : sql`strpos(${auditTrail.event}, ${`"${name}":${JSON.stringify(value)}`}) > 0`;
  const rows = await tx
    .select()
    .from(auditTrail)
    .where(
      and(
        before === undefined ? undefined : lt(auditTrail.seq, before),
        says('actor', actor),
        says('action', action),
        search === undefined ? undefined : sql`strpos(lower(${auditTrail.event}), lower(${inJson(search)})) > 0`,
      ),
    )
    .orderBy(desc(auditTrail.seq))
    .limit(limit);
  return rows.map((row) => {
    const { seq, service, recordedAt, hash } = row;
    return { seq, service, event: eventIn(row) ?? malformed(row), recordedAt, hash };
  });
}

/** Nothing where it is none: whoever may put rows in may put in any text, and one such row must not hide all others. */
function eventIn({ event }: TrailRow): AuditEvent | undefined {
  try {
    const said = JSON.parse(event) as AuditEvent | null;
    const { id, at, actor, action, target } = said ?? ({} as Partial<AuditEvent>);
    return [id, at, actor, action, target].every((text) => typeof text === 'string') ? said! : undefined;
  } catch {
    return undefined;
  }
}

const malformed = ({ id, event, recordedAt, service }: TrailRow): AuditEvent => ({
  ...{ id, at: recordedAt, actor: `service:${service}`, action: 'event.malformed', target: 'audit_trail' },
  detail: { text: event.slice(0, MOST_TEXT) },
});

/** As it stands inside a text of JSON. */
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Somebody changed what was written down. */
export class TrailBroken extends Error {
  override readonly name = 'TrailBroken';

  constructor(
    readonly seq: number,
    why: string,
  ) {
    super(`The audit trail does not hold at row ${seq}: ${why}.`);
  }
}

/**
 * Follows the chain. A tail that was cut off leaves no mark in it: for that somebody has to remember a head, as the log does.
 * @throws TrailBroken that names the first row that does not fit
 */
export async function verifyTrail(
  rows: AsyncIterable<TrailRow>,
  remembered?: { seq: number; hash: string },
): Promise<{ seq: number; hash: string }> {
  let last = { seq: 0, hash: BEGINNING };
  let hasMet = remembered === undefined || remembered.seq === 0;
  for await (const row of rows) {
    if (row.seq !== last.seq + 1) throw new TrailBroken(last.seq + 1, `it is missing, row ${row.seq} comes next`);
    if (row.previousHash !== last.hash) throw new TrailBroken(row.seq, 'it does not follow the one before');
    if (row.hash !== hashOf(row)) throw new TrailBroken(row.seq, 'it is not what was written');
    const event = eventIn(row);
    if (event === undefined) throw new TrailBroken(row.seq, 'what it holds is no event');
    if (event.id !== row.id) throw new TrailBroken(row.seq, 'its id is not that of its event');
    if (row.seq === remembered?.seq) {
      if (row.hash !== remembered.hash) throw new TrailBroken(row.seq, 'it is not the one that was remembered');
      hasMet = true;
    }
    last = { seq: row.seq, hash: row.hash };
  }
  if (!hasMet)
    throw new TrailBroken(last.seq + 1, `all is missing from here to row ${remembered!.seq}, which was there`);
  return last;
}

function rowAfter(last: TrailRow | undefined, service: string, event: AuditEvent, recordedAt: string): TrailRow {
  const { id } = event;
  const row = {
    seq: (last?.seq ?? 0) + 1,
    id,
    service,
    recordedAt,
    event: canonicalJson(event),
    previousHash: last?.hash ?? BEGINNING,
  };
  return { ...row, hash: hashOf(row) };
}

const hashOf = ({ seq, id, service, recordedAt, event, previousHash }: Omit<TrailRow, 'hash'>): string =>
  hash('sha256', canonicalJson({ seq, id, service, recordedAt, event, previousHash }));

async function knownAmong(tx: Sql, said: readonly Said[]): Promise<Set<string>> {
  const known = new Set<string>();
  for (let at = 0; at < said.length; at += ROWS_AT_A_TIME) {
    const ids = said.slice(at, at + ROWS_AT_A_TIME).map(({ event }) => event.id);
    const rows = await tx
      .select({ service: auditTrail.service, id: auditTrail.id })
      .from(auditTrail)
      .where(inArray(auditTrail.id, ids));
    for (const { service, id } of rows) known.add(`${service} ${id}`);
  }
  return known;
}
