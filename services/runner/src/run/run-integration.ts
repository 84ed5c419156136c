import {
  checkInsights,
  type DisturbedDetail,
  Fault,
  type Grant,
  type Isolation,
  isFault,
  type RunLimits,
  type RunReply,
  type RunRequest,
  revealedNames,
  secretsSubjects,
} from '@fingerpost/contracts';
import { type Bus, describeSpan, inSpan, keepTrace, type Log, metrics, type Secret } from '@fingerpost/platform';
import type { BundleStore } from '../bundles/bundle-store.ts';
import type { SourceMaps } from '../bundles/source-maps.ts';
import { Effects } from '../effects/effects.ts';
import { SecretFilter } from '../effects/secret-filter.ts';
import type { EffectRequest, LogLevel, SandboxResult } from '../sandbox/protocol.ts';
import type { SandboxPool } from '../sandbox/sandbox-pool.ts';
import { askForValues } from './ask-for-values.ts';
import { drawPlaceholders, type WarmPlaceholders } from './placeholders.ts';
import type { RunAdmission } from './run-admission.ts';

export interface RunContext {
  signal: AbortSignal;
  remainingMs: () => number;
  /** Tells the asker that from here on the run may not be done again; rejects where it is already. */
  warn: () => Promise<void>;
}

export interface RunParts {
  runnerId: string;
  bus: Bus;
  admission: RunAdmission;
  bundles: BundleStore;
  sourceMaps: SourceMaps;
  pool: SandboxPool;
  warm: WarmPlaceholders;
  log: Log;
}

export const RUN_PARTS = Symbol('RunParts');

const runs = metrics.counter({
  name: 'fingerpost_runner_runs_total',
  help: 'Runs by how they ended: answered, or an error code.',
  labelNames: ['outcome'],
});
const took = metrics.histogram({
  name: 'fingerpost_runner_run_duration_seconds',
  help: 'Time of a run inside the runner.',
  buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
});

/**
 * One run, start to end: admit it, fetch its code, let it live in the sandbox, check what it says.
 * @throws Fault `ticket.*`, `grant.*`, `bundle.not_found`, `runner.full`, `run.*`
 */
export async function runIntegration(request: RunRequest, context: RunContext, parts: RunParts): Promise<RunReply> {
  const stopTimer = took.startTimer();
  try {
    const reply = await perform(request, context, parts);
    runs.inc({ outcome: 'answered' });
    return reply;
  } catch (error) {
    runs.inc({ outcome: isFault(error) ? error.code : 'internal' });
    throw error;
  } finally {
    stopTimer();
  }
}

async function perform(request: RunRequest, context: RunContext, parts: RunParts): Promise<RunReply> {
  const { ticket, grant } = await parts.admission.admit(request);
  const version = grant.digest.slice(0, 12);
  const isolation = isolationOf(grant);
  describeSpan({
    'fingerpost.integration': grant.name,
    'fingerpost.digest': version,
    'fingerpost.isolation': isolation,
  });
  const { work, effects, filter } = await prepare(request, grant, isolation, context, parts);
  const log = parts.log.child({ integration: grant.name, digest: version, run: ticket.jti });
  try {
    const result = await inSpan('sandbox', () => {
      const visitor = {
        onEffect: keepTrace((effect: EffectRequest) => effects.perform(effect)),
        onLog: keepTrace((level: LogLevel, text: string) => log[level]({ from: 'integration' }, filter.text(text))),
      };
      return parts.pool.perform(work, visitor, grant.isApproved, context.signal);
    });
    const reply = toReply(result, isolation);
    filter.refuse(reply, 'The answer');
    return reply;
  } catch (error) {
    const isFull = isFault(error) && error.code === 'runner.full';
    if (isFull && work.isAlone) throw neverBegun(error);
    if (isFull) parts.admission.giveBack(ticket);
    throw await parts.sourceMaps.explain(filter.fault(withRepeatability(error, effects.isRepeatable)), grant.digest);
  } finally {
    effects.end();
    // Where the secrets service has heard of it: what was made for this run alone can be taken back.
    if (effects.hasCalled || work.isAlone)
      parts.bus.publish(secretsSubjects.runOver(parts.runnerId), { jti: ticket.jti });
  }
}

/** What a run takes along into the sandbox, what it may cause outside, and what must not leave with it. */
async function prepare(request: RunRequest, grant: Grant, isolation: Isolation, context: RunContext, parts: RunParts) {
  const { digest, scope } = grant;
  const { context: page, dataDigest, viewer } = request.input;
  const [code, data] = await Promise.all([
    parts.bundles.read(digest),
    dataDigest === undefined ? undefined : parts.bundles.read(dataDigest),
  ]);
  const limits = withinDeadline(grant.limits, context.remainingMs());
  const isAlone = holdsValues(grant);
  const { byName, toName } =
    isolation === 'warm' ? parts.warm.placeholders(grant) : drawPlaceholders(namesOfSealed(grant));
  const revealed = isAlone
    ? await askForValues(request, parts, { timeoutMs: limits.wallMs, signal: context.signal })
    : {};
  const filter = new SecretFilter(toName, Object.values(revealed));
  const { ticket, grant: signed } = request;
  const effects = new Effects({ ...parts, ...context, ticket, grant: signed, limits, placeholders: toName, filter });
  const run = {
    ...{ digest, isolation, dataDigest, limits },
    context: JSON.stringify(page),
    viewer: scope === 'user' ? viewer : undefined,
    secrets: { ...byName, ...textsOf(revealed) },
  };
  return { work: { kind: 'run', digest, limits, run, code, data, isAlone } as const, effects, filter };
}

// Whatever a grant says: code that nobody approved, that is told who looks, or that holds a value, starts from nothing.
const isolationOf = (grant: Grant): Isolation =>
  grant.isApproved && grant.scope === 'org' && !holdsValues(grant) ? grant.isolation : 'fresh';

const holdsValues = ({ secrets }: Grant): boolean => revealedNames(secrets).length > 0;

const namesOfSealed = ({ secrets }: Grant): string[] => {
  const revealed = revealedNames(secrets);
  return Object.keys(secrets).filter((name) => !revealed.includes(name));
};

const textsOf = (values: Record<string, Secret>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.reveal()]));

// Nobody waits longer than the caller does.
function withinDeadline(limits: RunLimits, remainingMs: number): RunLimits {
  if (remainingMs <= 0) throw new Fault('run.timed_out', 'The deadline had passed before the run began.');
  return { ...limits, wallMs: Math.ceil(Math.min(limits.wallMs, remainingMs)) };
}

function toReply(
  { insights, reads, hasRemembered, cacheSeconds, tookMs }: SandboxResult,
  isolation: Isolation,
): RunReply {
  return {
    insights: checkInsights(insights),
    reads: reads ?? [],
    hasRemembered: hasRemembered === true || isolation === 'warm', // its global may have
    cacheSeconds,
    tookMs,
  };
}

function withRepeatability(error: unknown, isRepeatable: boolean): unknown {
  if (!isFault(error) || error.code !== 'run.disturbed') return error;
  return new Fault(error.code, error.message, { cause: error, detail: { isRepeatable } satisfies DisturbedDetail });
}

// The secrets service has seen its ticket with us, and would refuse it to another runner: it takes a new one.
const neverBegun = (cause: Fault): Fault =>
  new Fault('run.disturbed', 'The runner became full before the run began.', {
    cause,
    detail: { isRepeatable: true } satisfies DisturbedDetail,
  });
