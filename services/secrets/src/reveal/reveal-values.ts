import {
  Fault,
  type Grant,
  type RevealReply,
  type RevealRequest,
  revealedNames,
  type Ticket,
} from '@fingerpost/contracts';
import { type Log, letterTo, type Secret } from '@fingerpost/platform';
import { checkTicket, type TicketCheck } from '../admit/check-ticket.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { notStored, type SecretStore } from '../store/secret-store.ts';
import { type StoreOfRun, storeOfRun } from '../store/store-of-run.ts';
import { refuseOthers, refuseRevealing } from '../store/stored-binding.ts';

export interface Revealing {
  tickets: TicketCheck;
  store: SecretStore;
  audit: AuditTrail;
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
  const values = await Promise.all(names.map((name) => readFrom(storeOfRun(store, account), grant.name, name)));
  await writeDown(audit, names, grant, ticket, runnerId).catch((cause) => {
    log.error({ err: cause }, 'the audit trail cannot be written: no secret is revealed');
    throw new Fault(
      'secret.not_revealed',
      'No secret is revealed that is not written down first, and the audit trail cannot be written.',
    );
  });
  checkAgain();
  for (const value of values) account.lent.add(value);
  const byName = Object.fromEntries(names.map((name, at) => [name, values[at]!.reveal()]));
  return { letter: await letterTo(request.address, JSON.stringify(byName)) };
}

/** One event for each secret: whoever asks who held it finds it by its name. */
async function writeDown(
  audit: AuditTrail,
  names: string[],
  { name: integration, digest, revision }: Grant,
  { viewerScope: viewer, jti }: Ticket,
  runner: string,
): Promise<void> {
  const detail = { digest, revision, viewer, ticket: jti, runner };
  await Promise.all(names.map((name) => audit.write(`integration:${integration}`, 'secret.revealed', name, detail)));
}

/** Whatever else a grant says: a value is for approved code alone, in an isolate that ends with the run. */
function namesToReveal({ name, secrets, isApproved, isolation }: Grant): string[] {
  const names = revealedNames(secrets);
  if (names.length === 0 || !isApproved || isolation !== 'fresh')
    throw new Fault('request.forbidden', `Integration "${name}" has no grant to hold the value of a secret.`);
  return names;
}

async function readFrom(store: StoreOfRun, integration: string, name: string): Promise<Secret> {
  const kept = await store.binding?.(name);
  refuseOthers(name, kept, integration);
  refuseRevealing(name, kept);
  const secret = await store.read(name);
  if (secret === undefined) throw notStored(integration, name, store.placeOf?.(name));
  return secret;
}
