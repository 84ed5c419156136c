import { Fault, type Grant, type RevealReply, type RevealRequest, revealedNames } from '@fingerpost/contracts';
import { type Log, letterTo, type Secret } from '@fingerpost/platform';
import { checkTicket, type TicketCheck } from '../admit/check-ticket.ts';
import type { AuditFile } from '../audit/audit-file.ts';
import { notStored, type SecretStore } from '../store/secret-store.ts';

export interface Revealing {
  tickets: TicketCheck;
  store: SecretStore;
  audit: AuditFile;
  log: Log;
}

/**
 * The exception: values for the code of one run, where a reviewer let it hold them. Written down first; what cannot be written down is
 * not handed out.
 */
export async function revealValues(
  { tickets, store, audit, log }: Revealing,
  request: RevealRequest,
  runnerId: string,
): Promise<RevealReply> {
  const { ticket, grant, account, checkAgain } = await checkTicket(tickets, request, runnerId);
  const names = namesToReveal(grant);
  const values = await Promise.all(names.map((name) => readFrom(store, grant.name, name)));
  const { name: integration, digest, revision } = grant;
  const facts = {
    secrets: names,
    integration,
    digest,
    revision,
    viewer: ticket.viewerScope,
    ticket: ticket.jti,
    runner: runnerId,
  };
  await audit.append('secret.revealed', facts).catch((cause) => {
    log.error({ err: cause }, 'the audit file cannot be written: no secret is revealed');
    throw new Fault(
      'secret.not_revealed',
      'No secret is revealed that is not written down first, and the audit file cannot be written.',
    );
  });
  checkAgain();
  for (const value of values) account.lent.add(value);
  const byName = Object.fromEntries(names.map((name, at) => [name, values[at]!.reveal()]));
  return { letter: await letterTo(request.address, JSON.stringify(byName)) };
}

/** Whatever else a grant says: a value is for approved code alone, in an isolate that ends with the run. */
function namesToReveal({ name, secrets, isApproved, isolation }: Grant): string[] {
  const names = revealedNames(secrets);
  if (names.length === 0 || !isApproved || isolation !== 'fresh')
    throw new Fault('request.forbidden', `Integration "${name}" has no grant to hold the value of a secret.`);
  return names;
}

async function readFrom(store: SecretStore, integration: string, name: string): Promise<Secret> {
  const secret = await store.read(name);
  if (secret === undefined) throw notStored(integration, name);
  return secret;
}
