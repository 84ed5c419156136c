import { type ErrorCode, type FailureDetail, isFault } from '@fingerpost/contracts';
import { LRUCache } from 'lru-cache';

const MOST_KEPT = 500;

/** What an author does about it, where the message does not say so itself. */
const NEXT: Partial<Record<ErrorCode, string>> = {
  'run.timed_out': 'Ask for less, ask side by side with Promise.all, or give an AbortSignal.timeout to slow calls.',
  'run.out_of_cpu': 'Compute less: ask the API for what is shown only, or do the work once and keep it with cache.set.',
  'run.out_of_memory': 'Hold less at a time: ask for pages and fields, and keep only what is shown.',
  'run.too_many_calls': 'Ask for many things with one call, or keep them with cache.set.',
  'run.result_invalid': 'Return insights as integrations/README.md describes them.',
  'outbound.failed': 'See whether the address answers, and with which certificate.',
};

/** The last failures by their id, for whoever may see more than the bar shows. */
export class Failures {
  private readonly kept = new LRUCache<string, FailureDetail>({ max: MOST_KEPT });

  get(id: string): FailureDetail | undefined {
    return this.kept.get(id);
  }

  /** @returns what it keeps */
  keep(id: string, { name, digest }: { name: string; digest: string }, error: unknown): FailureDetail {
    const failure = {
      id,
      at: new Date().toISOString(),
      integration: name,
      version: digest.slice(0, 12),
      ...describe(error),
    };
    this.kept.set(id, failure);
    return failure;
  }
}

function describe(error: unknown): Pick<FailureDetail, 'code' | 'message'> & Partial<FailureDetail> {
  if (!isFault(error)) return { code: 'internal', message: 'A fault of ours; the log has more under this id.' };
  const { file, line, column, stack } = (error.detail ?? {}) as Partial<FailureDetail>;
  return { code: error.code, message: error.message, next: NEXT[error.code], file, line, column, stack };
}
