/** The registry's tables. `npm run generate -w services/registry` writes the migration of what changes here; only ever add. */
import type { Grant, SourceFault } from '@fingerpost/contracts';
import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  pgTable,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { DataFile } from '../build/data-file.ts';
import type { Version } from '../catalogue/version.ts';

const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
const number = (name: string) => bigint(name, { mode: 'number' });
// Not jsonb: it refuses characters that JSON allows, and an author who wrote one would keep everybody's changes from being saved.
const json = <T>(name: string) =>
  customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (text) => JSON.parse(text) as T,
  })(name);

/** One row: where the catalogue stands. */
export const catalogue = pgTable('catalogue', {
  id: integer().primaryKey(),
  epoch: number('epoch').notNull(),
  /** the epoch in which the present leader began; what an earlier one writes is refused */
  term: number('term').notNull(),
  /** a first load of the source was done: before, it holds only a part */
  isOpen: boolean('is_open').notNull(),
  /** of all data files together */
  dataDigest: text('data_digest'),
  /** how many migrations code must know to work with this schema: those that only add leave it as it is */
  leastMigrations: integer('least_migrations').notNull().default(1),
});

/** What there is in the source, and what became of it. */
export const files = pgTable(
  'files',
  {
    file: text().primaryKey(),
    kind: text({ enum: ['integration', 'data'] }).notNull(),
    claimedIn: number('claimed_in').notNull(),
    /** the newest good state, and what serves: mostly the same */
    admitted: json<Version | DataFile>('admitted'),
    served: json<Version | DataFile>('served'),
    /** of the newest state itself; and as shown, where another file has its name */
    ownFault: json<SourceFault>('own_fault'),
    fault: json<SourceFault>('fault'),
    /** left the source: the row stays for this term, so that those who follow hear of it */
    isGone: boolean('is_gone').notNull(),
    changedIn: number('changed_in').notNull(),
  },
  (table) => [index('files_changed_in').on(table.changedIn)],
);

/** Bytes by their digest: code with its source map, and all data files as integrations are given them. */
export const bundles = pgTable('bundles', {
  digest: text().primaryKey(),
  bytes: bytea().notNull(),
  sourceMap: bytea('source_map'),
  /** when it left service; runs that are under way may still ask for it */
  leftAt: timestamp('left_at', { withTimezone: true }),
});

/** What each digest may do. A revision that was given out never means anything else. */
export const grants = pgTable(
  'grants',
  {
    digest: text().primaryKey(),
    revision: number('revision').notNull(),
    terms: json<Omit<Grant, 'revision'>>('terms').notNull(),
    isInForce: boolean('is_in_force').notNull(),
    changedIn: number('changed_in').notNull(),
  },
  (table) => [index('grants_changed_in').on(table.changedIn)],
);

/** Who did what. Rows are only ever added: a trigger refuses everything else, and each row's hash holds the one before. */
export const auditTrail = pgTable(
  'audit_trail',
  {
    seq: number('seq').primaryKey(),
    id: uuid().notNull(),
    service: text().notNull(),
    /** canonical JSON of the event, exactly as it was hashed */
    event: text().notNull(),
    recordedAt: text('recorded_at').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text().notNull(),
  },
  // Of each service's own events: nobody can use up the id of somebody else's.
  (table) => [unique('audit_trail_once').on(table.id, table.service)],
);
