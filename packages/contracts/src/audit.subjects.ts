import { IsISO8601, IsObject, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import type { Json } from './context.ts';

export const AUDITED_SERVICES = ['gateway', 'registry', 'secrets'] as const;
export type AuditedService = (typeof AUDITED_SERVICES)[number];

/** What must not be lost: kept by the bus (`Bus.keep`) until the registry has it in the audit trail. */
export const auditSubjects = {
  /** AuditEvent; the subject's last word is who says it, so that the bus's permissions decide who speaks for whom */
  event: (service: AuditedService) => `audit.${service}`,
  anyEvent: 'audit.*',
} as const;

/** Who did what to what, and when. Never a secret's value. */
export class AuditEvent {
  /** the same in every delivery of the same event */
  @IsUUID()
  id: string;

  /** ISO 8601, by the clock of whoever says it */
  @IsISO8601()
  at: string;

  /** `folder`, `integration:<name>`, a person's subject, or `service:<name>` for what happens by itself */
  @IsString()
  @MaxLength(300)
  actor: string;

  /** `<noun>.<participle>`: `version.served`, `grant.revoked`, `secret.revealed` */
  @IsString()
  @MaxLength(100)
  action: string;

  /** what it was done to: a digest, a secret's name */
  @IsString()
  @MaxLength(300)
  target: string;

  @IsOptional()
  @IsObject()
  detail?: Record<string, Json>;
}
