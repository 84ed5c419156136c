import { IsArray, IsInt, IsObject, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import type { AuditEvent } from './audit.subjects.ts';
import type { PageContext } from './context.ts';
import type { Scope } from './integration.ts';
import type { ContextRead } from './runner.subjects.ts';

/** What the registry answers and publishes. Services outside it speak only through these. */
export const registrySubjects = {
  /** MatchRequest -> MatchReply */
  match: 'registry.match',
  /** BundleRequest -> nothing, then the body: the bytes of that digest (code or data) */
  bundle: 'registry.bundle',
  /** BundleRequest -> nothing, then the body: the source map of that code, JSON packed by gzip; for people, so nobody signs it */
  sourceMap: 'registry.source-map',
  /** CatalogueRequest -> CatalogueReply: what is in service and what is broken; a long one in several replies, to be joined */
  catalogue: 'registry.catalogue',
  /** GrantListRequest -> nothing, then the body: a signed envelope of type `grant-list` */
  grants: 'registry.grants',
  /** AuditRequest -> AuditReply: what the audit trail holds, the latest first */
  audit: 'registry.audit',
  /** published at every change and every 2 s: EpochNotice */
  epoch: 'registry.epoch',
} as const;

export class MatchRequest {
  @IsObject()
  context: PageContext;

  /** the viewer's groups, as the gateway knows them */
  @IsArray()
  @IsString({ each: true })
  groups: string[];

  /** the latest that the asker has heard of: a replica that is behind catches up before it answers */
  @IsOptional()
  @IsInt()
  epoch?: number;
}

/** One integration that fits, with all that a gateway needs to answer or to have it run. */
export interface MatchedIntegration {
  name: string;
  digest: string;
  priority: number;
  cacheSeconds: number;
  cacheKey?: string[];
  scope: Scope;
  /** who may see it; empty: everybody */
  groups: string[];
  grantRevision: number;
  /** signed envelope of type `grant` */
  grant: string;
  dataDigest?: string;
}

/** Highest priority first, equal ones by name. */
export interface MatchReply {
  epoch: number;
  integrations: MatchedIntegration[];
  /** all that decides which integrations fit a page of this type: equal there, equal answer; absent when that is too much to compare */
  reads?: ContextRead[];
}

export class BundleRequest {
  @Matches(/^[0-9a-f]{64}$/)
  digest: string;
}

export class CatalogueRequest {
  /** the latest that the asker has heard of: a replica that is behind catches up before it answers */
  @IsOptional()
  @IsInt()
  epoch?: number;
}

export interface SourceFault {
  message: string;
  file: string;
  /** from 1 */
  line?: number;
  /** from 1 */
  column?: number;
}

export interface CatalogueEntry {
  /** file path relative to its source's folder */
  file: string;
  name?: string;
  description?: string;
  contextType?: string;
  digest?: string;
  secrets: string[];
  hosts: string[];
  areHostsDerived: boolean;
  /** `broken`: the newest state of the file cannot serve; with a digest its last good version goes on */
  state: 'serving' | 'broken';
  fault?: SourceFault;
  /** what its author could narrow: where secrets may go that need not */
  advice?: string[];
}

export interface CatalogueReply {
  epoch: number;
  entries: CatalogueEntry[];
  /** origins of pages that `generic` integrations name, e.g. `https://wiki.acme.dev` */
  customDomains: string[];
}

export class GrantListRequest {
  /** comes back inside the signed list, so that nobody on the way can answer with an older one */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  nonce?: string;

  /** the latest that the asker has heard of: a replica that is behind catches up before it answers */
  @IsOptional()
  @IsInt()
  epoch?: number;

  /** of the list that the asker has: if it is still the one, the answer does without */
  @IsOptional()
  @IsInt()
  known?: number;
}

/** Payload of the `grant-list` envelope: every grant in force, digest to revision. */
export interface GrantList {
  epoch: number;
  /** the request's */
  nonce?: string;
  /** how long ago the registry last looked into its database: what was taken back since, it cannot know */
  ageMs?: number;
  /** absent where the asker has the list of this epoch */
  revisions?: Record<string, number>;
}

export class AuditRequest {
  /** only rows with smaller numbers: where the last answer ended */
  @IsOptional()
  @IsInt()
  @Min(1)
  before?: number;

  @IsInt()
  @Min(1)
  @Max(200)
  limit: number;

  @IsOptional()
  @IsString()
  @MaxLength(300)
  actor?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  action?: string;

  /** anywhere in the event, in small letters or capitals */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  search?: string;
}

export interface AuditRow {
  seq: number;
  /** who said it, by the bus's permissions */
  service: string;
  event: AuditEvent;
  recordedAt: string;
  /** of this row and all before it */
  hash: string;
}

export interface AuditReply {
  rows: AuditRow[];
}

/** Epochs only grow, over restarts and restored backups too. Nobody signs this: it says when to ask, and nothing else. */
export class EpochNotice {
  @IsInt()
  epoch: number;
}
