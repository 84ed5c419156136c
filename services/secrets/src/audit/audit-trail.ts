import { randomUUID } from 'node:crypto';
import { type AuditEvent, auditSubjects, type Json } from '@fingerpost/contracts';
import type { Bus } from '@fingerpost/platform';

const TIMEOUT_MS = 5_000;

/** What must not happen unwritten: said to the trail, which the registry keeps. */
export class AuditTrail {
  constructor(private readonly bus: Pick<Bus, 'keep'>) {}

  /** Resolves when no crash loses it. @throws Fault when it is not kept: what it was to be written for must not happen then */
  async write(actor: string, action: string, target: string, detail: Record<string, Json>): Promise<void> {
    const event: AuditEvent = { id: randomUUID(), at: new Date().toISOString(), actor, action, target, detail };
    await this.bus.keep(auditSubjects.event('secrets'), event, { timeoutMs: TIMEOUT_MS });
  }
}
