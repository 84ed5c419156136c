import { randomUUID } from 'node:crypto';
import type { AuditEvent, Json, SourceFault } from '@fingerpost/contracts';
import type { Version } from '../catalogue/version.ts';
import type { OwnSpot } from '../lead/shelf.ts';
import type { Numbered } from '../review/revisions.ts';

const MOST_TARGET = 300;
const MOST_MESSAGE = 1_000;

export interface CatalogueChange {
  integrations: ReadonlyMap<string, OwnSpot<Version> | undefined>;
  grants: ReadonlyMap<string, Numbered>;
  newFaults: readonly SourceFault[];
  /** what served before, by file */
  before: ReadonlyMap<string, Version>;
}

/** A change of the catalogue in the words of the audit trail. */
export function eventsOf({ integrations, grants, newFaults, before }: CatalogueChange): AuditEvent[] {
  return [
    ...newFaults.map(({ file, message }) => say('file.broken', file, { message: message.slice(0, MOST_MESSAGE) })),
    ...[...integrations].flatMap(([file, spot]) => served(before.get(file), spot?.served)),
    ...[...grants].flatMap(([digest, numbered]) => granted(digest, numbered)),
  ];
}

function served(before: Version | undefined, now: Version | undefined): AuditEvent[] {
  if (before?.digest === now?.digest) return [];
  const told = ({ file, name }: Version) => ({ file, name });
  return [
    ...(before === undefined ? [] : [say('version.left', before.digest, told(before))]),
    ...(now === undefined ? [] : [say('version.served', now.digest, told(now))]),
  ];
}

function granted(digest: string, { revision, terms, isInForce }: Numbered): AuditEvent[] {
  const { name, isApproved, isolation, hosts, groups } = terms;
  if (!isInForce) return [say('grant.revoked', digest, { name, revision })];
  const secrets = Object.entries(terms.secrets);
  const given = { name, revision, isApproved, isolation, hosts, groups, secrets: secrets.map(([secret]) => secret) };
  const revealed = secrets.filter(([, { reveal }]) => reveal === true).map(([secret]) => secret);
  return [
    say('grant.given', digest, given),
    ...revealed.map((secret) => say('reveal.approved', digest, { name, secret }, 'setting:FINGERPOST_REVEAL')),
  ];
}

// Whoever may write the folder is who approves.
const say = (action: string, target: string, detail: Record<string, Json>, actor = 'folder'): AuditEvent => ({
  id: randomUUID(),
  at: new Date().toISOString(),
  actor,
  action,
  detail,
  target: target.slice(0, MOST_TARGET),
});
