import { CLOCK_SKEW_MS, Fault, type Ticket } from '@fingerpost/contracts';
import type { RememberedVerifier } from '@fingerpost/platform';

/** Believes a ticket for as long as it lasts. */
export class AdmitTicket {
  constructor(
    private readonly verifier: Pick<RememberedVerifier, 'verify'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws Fault `signature.*`, or `ticket.spent` when its time is up */
  async admit(envelope: string): Promise<Ticket> {
    const ticket = await this.verifier.verify<Ticket>('ticket', envelope);
    if (ticket.expiresAt + CLOCK_SKEW_MS > this.now()) return ticket;
    throw new Fault('ticket.spent', 'The ticket’s time is up.');
  }
}
