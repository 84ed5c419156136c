import {
  type ErrorCode,
  type FailureDetail,
  isFault,
  type MatchedIntegration,
  type Viewer,
} from '@fingerpost/contracts';
import { memoryCache } from '../answer/results/memory-cache.ts';
import type { ResultCache } from '../answer/results/result-cache.ts';

const KEPT_MS = 3_600_000;
const OWN_BYTES = 2_000_000;
/** As sandboxes say them; a sandbox that was taken over says more. */
const MESSAGE_CHARS = 2_000;
const STACK_CHARS = 4_000;

/** What an author does about it, where the message does not say so itself. */
const NEXT: Partial<Record<ErrorCode, string>> = {
  'run.timed_out': 'Ask for less, ask side by side with Promise.all, or give an AbortSignal.timeout to slow calls.',
  'run.out_of_cpu': 'Compute less: ask the API for what is shown only, or do the work once and keep it with cache.set.',
  'run.out_of_memory': 'Hold less at a time: ask for pages and fields, and keep only what is shown.',
  'run.too_many_calls': 'Ask for many things with one call, or keep them with cache.set.',
  'run.result_invalid': 'Return insights as integrations/README.md describes them.',
  'outbound.failed': 'See whether the address answers, and with which certificate.',
};

interface Kept {
  failure: FailureDetail;
  /** `org`, or the one viewer whom the run was for */
  viewerScope: string;
  /** empty: everybody */
  groups: readonly string[];
}

/**
 * The failures of an hour by their id, for whoever may see more than the bar shows: kept beside the answers, for all gateways, and the latest of
 * our own here too, for when what gateways share is away.
 */
export class Failures {
  private readonly own = memoryCache({ bytes: OWN_BYTES });

  constructor(private readonly shared: ResultCache) {}

  /** Of code that was told who looks, that viewer alone hears; of code for some groups, they alone. */
  async get(id: string, viewer: Viewer): Promise<FailureDetail | undefined> {
    const text = (await this.own.read(keyOf(id))) ?? (await this.shared.read(keyOf(id)).catch(() => undefined));
    if (text === undefined) return undefined;
    const { failure, viewerScope, groups } = JSON.parse(text) as Kept;
    const isForViewer = viewerScope === 'org' || viewerScope === viewer.subject;
    const isForGroups = groups.length === 0 || groups.some((group) => viewer.groups.includes(group));
    return isForViewer && isForGroups ? failure : undefined;
  }

  /** `viewerScope`: `org`, or the one viewer whom the run was for. @returns what it keeps */
  keep(
    id: string,
    { name, digest, groups }: Pick<MatchedIntegration, 'name' | 'digest' | 'groups'>,
    viewerScope: string,
    error: unknown,
  ): FailureDetail {
    const failure = {
      id,
      at: new Date().toISOString(),
      integration: name,
      version: digest.slice(0, 12),
      ...describe(error),
    };
    const kept: Kept = { failure, viewerScope, groups };
    for (const cache of [this.own, this.shared]) cache.write(keyOf(id), JSON.stringify(kept), KEPT_MS).catch(() => {}); // the log has it, too
    return failure;
  }
}

const keyOf = (id: string) => `failure ${id}`;

function describe(error: unknown): Pick<FailureDetail, 'code' | 'message'> & Partial<FailureDetail> {
  if (!isFault(error)) return { code: 'internal', message: 'A fault of ours; the log has more under this id.' };
  const { file, line, column, stack } = (error.detail ?? {}) as Partial<FailureDetail>;
  return {
    code: error.code,
    message: error.message.slice(0, MESSAGE_CHARS),
    next: NEXT[error.code],
    file,
    line,
    column,
    stack: typeof stack === 'string' ? stack.slice(0, STACK_CHARS) : undefined,
  };
}
