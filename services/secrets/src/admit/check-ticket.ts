import { CLOCK_SKEW_MS, Fault, type Grant, type Ticket } from '@fingerpost/contracts';
import type { GrantsInForce, RememberedVerifier } from '@fingerpost/platform';
import type { RunAccount, RunLedger } from './run-ledger.ts';

/** Longer than any run: a ticket that lives longer is not for a run. */
const LONGEST_LIFE_MS = 15 * 60 * 1000;

/** A run that may make its call. */
export interface Admitted {
  ticket: Readonly<Ticket>;
  grant: Readonly<Grant>;
  account: RunAccount;
  /** @throws Fault when the grant has been revoked meanwhile, or the run is over */
  checkAgain(): void;
}

export interface TicketCheck {
  verifier: RememberedVerifier;
  grants: GrantsInForce;
  ledger: RunLedger;
  now?: () => number;
}

/** May this run, on this runner, make one more call? Everything that a stolen, old, foreign or invented ticket would fail on. */
export async function checkTicket(
  { verifier, grants, ledger, now = Date.now }: TicketCheck,
  request: { ticket: string; grant: string },
  runnerId: string,
): Promise<Admitted> {
  const [ticket, grant] = await Promise.all([
    verifier.verify<Ticket>('ticket', request.ticket),
    verifier.verify<Grant>('grant', request.grant),
  ]);
  checkLife(ticket, now());
  checkPair(ticket, grant);

  const account = ledger.open(ticket, runnerId, grant.limits, ticket.expiresAt + CLOCK_SKEW_MS);
  await account.countCall();
  await grants.assure(grant);
  const checkAgain = () => {
    account.checkGoing();
    grants.check(grant);
  };
  return { ticket, grant, account, checkAgain };
}

// Comparisons are turned so that a field that is no number fails them.
function checkLife({ jti, expiresAt }: Ticket, now: number): void {
  if (typeof jti !== 'string' || jti === '' || jti.length > 200) refuse('it has no identity');
  if (!(expiresAt <= now + LONGEST_LIFE_MS + CLOCK_SKEW_MS)) refuse('it would live too long');
  if (!(expiresAt + CLOCK_SKEW_MS >= now)) throw new Fault('ticket.spent', 'The ticket has expired: its run is over.');
}

function checkPair(ticket: Ticket, grant: Grant): void {
  if (ticket.digest !== grant.digest || ticket.name !== grant.name) refuse('it is for other code than the grant');
  if (ticket.grantRevision !== grant.revision) refuse('it was issued under another revision of the grant');
}

function refuse(why: string): never {
  throw new Fault('ticket.invalid', `Refused a ticket: ${why}.`);
}
