/**
 * Every way in which the product refuses or fails, as one closed union. Callers branch on the code and never on text.
 * The comment above a group says who raises it.
 */
export const ERROR_CODES = [
  // any edge: what came in is not what the contract asks for
  'request.invalid',
  'request.too_large',
  'request.unauthenticated',
  'request.forbidden',
  'request.rate_limited',
  'request.not_found',
  // signing in: the store that knows people cannot be asked; a provider cannot; what comes from one is not to be trusted
  'identity.unavailable',
  'identity.provider_unavailable',
  'identity.refused',
  // the bus
  'bus.nobody_answers',
  'bus.lost',
  'bus.timed_out',
  'bus.cancelled',
  'bus.too_large',
  'bus.closed',
  'bus.contract_mismatch',
  // signatures, tickets and grants
  'signature.invalid',
  'signature.expired',
  'ticket.invalid',
  'ticket.spent',
  'grant.revoked',
  'grant.unknown',
  // the registry: a file cannot become a version
  'source.unreadable',
  'build.failed',
  'metadata.invalid',
  'bundle.not_found',
  // a run
  'run.failed',
  'run.timed_out',
  'run.out_of_cpu',
  'run.out_of_memory',
  'run.result_invalid',
  'run.result_too_large',
  'run.too_many_calls',
  'run.disturbed',
  'run.put_aside',
  'runner.full',
  // secrets and outbound calls
  'secret.not_found',
  'secret.unavailable',
  'secret.misplaced',
  'secret.not_minted',
  'secret.not_revealed',
  'outbound.host_not_granted',
  'outbound.address_refused',
  'outbound.failed',
  'outbound.too_large',
  'secrets.stale',
  // a fault of ours: the caller gets a fixed sentence and an id
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error that may travel between services: its code is the contract, its message is for people. */
export class Fault extends Error {
  override readonly name = 'Fault';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { cause?: unknown; detail?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.detail = options.detail;
  }

  /** Machine-readable facts that belong to the code, e.g. `{ path: 'page.name' }`. Never a secret, and nothing that a viewer may not see: of an author's stack only the log is told. */
  readonly detail: Record<string, unknown> | undefined;
}

// By name, not `instanceof`: tests run each file in a realm of its own.
export const isFault = (error: unknown): error is Fault =>
  error instanceof Error && error.name === 'Fault' && typeof (error as Fault).code === 'string';
