import { CLOCK_SKEW_MS, Fault, type Grant, type RunRequest, type Ticket } from '@fingerpost/contracts';
import { type GrantsInForce, hashJson, RememberedVerifier, type Verifier } from '@fingerpost/platform';
import { LRUCache } from 'lru-cache';

export interface AdmittedRun {
  ticket: Ticket;
  grant: Grant;
}

/** Decides whether a run may begin: ticket and grant are genuine, belong together, are in force, and the ticket was not used before. */
export class RunAdmission {
  private readonly grants: RememberedVerifier;
  private readonly spent = new LRUCache<string, true>({ max: 100_000 });

  constructor(
    private readonly verifier: Verifier,
    private readonly grantsInForce: GrantsInForce,
  ) {
    this.grants = new RememberedVerifier(verifier); // the same grant comes with every run
  }

  /** @throws Fault `signature.*`, `ticket.*`, `grant.revoked` */
  async admit({ ticket: ticketEnvelope, grant: grantEnvelope, input }: RunRequest): Promise<AdmittedRun> {
    const grant = await this.grants.verify<Grant>('grant', grantEnvelope);
    const ticket = await this.verifier.verify<Ticket>('ticket', ticketEnvelope);
    if (ticket.digest !== grant.digest || ticket.grantRevision !== grant.revision)
      throw invalid('it belongs to another grant');
    if (ticket.expiresAt + CLOCK_SKEW_MS < Date.now()) throw invalid('it has expired');
    if (ticket.inputHash !== hashJson(input)) throw invalid('it was issued for another input');
    await this.grantsInForce.assure(grant);
    if (this.spent.has(ticket.jti)) throw new Fault('ticket.spent', 'This ticket has been used.');
    this.spent.set(ticket.jti, true);
    return { ticket, grant };
  }

  /** Its run found no room and has not begun: the ticket is as good as new. */
  giveBack({ jti }: Ticket): void {
    this.spent.delete(jti);
  }
}

const invalid = (why: string) => new Fault('ticket.invalid', `The ticket is not valid: ${why}.`);
