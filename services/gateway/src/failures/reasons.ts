import { type ErrorCode, isFault } from '@fingerpost/contracts';

/** Sentences that anybody may read: they say what kind of thing went wrong and nothing of what was in it. */
const REASONS: Partial<Record<ErrorCode, string>> = {
  'run.failed': 'failed',
  'run.out_of_cpu': 'computed for too long',
  'run.out_of_memory': 'used too much memory',
  'run.result_invalid': 'returned something that cannot be shown',
  'run.result_too_large': 'returned too much',
  'run.too_many_calls': 'made too many calls',
  'run.disturbed': 'was interrupted by a neighbour',
  'run.put_aside': 'was put aside because it harmed its neighbours',
  'runner.full': 'found no free place to run',
  'grant.revoked': 'may not run any more',
  'grant.unknown': 'may not run',
  'request.forbidden': 'may not run for you',
  'secret.unavailable': 'could not get its secrets right now',
  'secret.misplaced': 'put a secret where it may not stand',
  'secret.not_minted': 'got no token for its key',
  'secret.not_revealed': 'was not given a secret',
  'outbound.host_not_granted': 'called a host that it may not call',
  'outbound.address_refused': 'called an address that it may not call',
  'outbound.failed': 'could not reach its upstream',
  'outbound.too_large': 'sent or got too much',
  'secrets.stale': 'could not use its secrets right now',
  'bus.nobody_answers': 'found nobody to run it',
  'bus.lost': 'was lost on its way',
  'bus.timed_out': 'took too long',
};

export function reasonOf(error: unknown): string {
  if (!isFault(error)) return FALLBACK;
  if (error.code === 'run.timed_out') return `took longer than ${seconds(error.detail?.wallMs)}`;
  if (error.code === 'secret.not_found') return `needs the secret ${namesOf(error.detail?.names)}`;
  return REASONS[error.code] ?? FALLBACK;
}

const FALLBACK = 'could not be run';

const seconds = (wallMs: unknown) => (typeof wallMs === 'number' ? `${Math.round(wallMs / 100) / 10} s` : 'it may');

// Names come out of signed grants and hold no more than an identifier may.
const namesOf = (names: unknown) => (Array.isArray(names) ? names.map(String).join(', ') : 'that it asks for');
