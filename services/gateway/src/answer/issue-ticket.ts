import { randomUUID } from 'node:crypto';
import type { Grant, RunInput, Ticket } from '@fingerpost/contracts';
import { hashJson, type Signer } from '@fingerpost/platform';

/** A run may still say goodbye to its upstream when its time is up. */
const GRACE_MS = 10_000;

/** Permission for one run, of this code, on this input, for this viewer, until its time is up. */
export function issueTicket(
  signer: Signer,
  grant: Grant,
  input: RunInput,
  viewerScope: string,
  now: number,
): Promise<string> {
  const ticket: Ticket = {
    jti: randomUUID(),
    digest: grant.digest,
    name: grant.name,
    grantRevision: grant.revision,
    inputHash: hashJson(input),
    viewerScope,
    expiresAt: now + grant.limits.wallMs + GRACE_MS,
  };
  return signer.sign('ticket', ticket);
}
