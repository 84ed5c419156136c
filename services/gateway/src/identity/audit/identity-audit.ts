import { randomUUID } from 'node:crypto';
import { type AuditEvent, auditSubjects, type Json } from '@fingerpost/contracts';
import type { Bus, Log } from '@fingerpost/platform';

export interface Happening {
  /** a person's subject, `token:<id>`, or `service:gateway` for what happens by itself */
  actor: string;
  action: IdentityAction;
  target: string;
  detail?: Record<string, Json>;
}

export type IdentityAction =
  | 'session.opened'
  | 'session.ended'
  | 'sign_in.refused'
  | 'access.refused'
  | 'token.made'
  | 'token.ended'
  | 'person.blocked'
  | 'person.unblocked'
  | 'break_glass.used'
  | 'break_glass.refused';

const TIMEOUT_MS = 5_000;

/** Tells the audit trail who came in, who was refused, and what administrators did. Never a token, nor a part of one. */
export class IdentityAudit {
  constructor(
    private readonly bus: Pick<Bus, 'keep'>,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /** Before anything is done that nobody may do unseen: where it cannot be written down, it is not done. @throws Fault `bus.*` */
  async first(happening: Happening): Promise<void> {
    const event: AuditEvent = { id: randomUUID(), at: new Date().toISOString(), ...happening };
    await this.bus.keep(auditSubjects.event('gateway'), event, { timeoutMs: TIMEOUT_MS });
  }

  /** Nobody waits for it; where it is lost, the log has it. */
  tell(happening: Happening): void {
    this.first(happening).catch((error) =>
      this.log.warn({ err: error, happening }, 'the audit trail could not be told what happened'),
    );
  }
}
