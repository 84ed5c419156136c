import { setTimeout as sleep } from 'node:timers/promises';
import {
  checkInsights,
  type ErrorCode,
  Fault,
  type Grant,
  isFault,
  type MatchedIntegration,
  type RunInput,
  type RunNotice,
  type RunReply,
  type RunRequest,
  runnerSubjects,
} from '@fingerpost/contracts';
import type { Bus, CallOptions, RememberedVerifier, Signer } from '@fingerpost/platform';
import { grantOf } from './grants.ts';
import { issueTicket } from './issue-ticket.ts';
import type { MissingSecrets } from './missing-secrets.ts';
import type { Question } from './question.ts';
import { viewerScopeOf } from './results/answer-keys.ts';

/** On top of the run's own time: for the way there and back, and for a runner that is found to be gone (2 s). */
const WAY_MS = 2_500;
/** A runner that is full or gone has not begun: another is asked, soon and then less often. */
const NOT_BEGUN: readonly ErrorCode[] = ['runner.full', 'bus.nobody_answers'];
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;
/**
 * How often a run is done again that ended for no fault of its own. Until NATS has noticed that a runner is cut off, every third try of
 * three runners may go to it; neighbours that disturb twice are no accident.
 */
const AGAIN: Partial<Record<ErrorCode, number>> = { 'run.disturbed': 1, 'bus.lost': 3 };

/** A run that its grant allows. */
interface AllowedRun {
  grant: Grant;
  integration: MatchedIntegration;
  question: Question;
  input: RunInput;
}

/** Has an integration run: checks what it may, signs a ticket, and asks the runners until one has room. */
export class AskRunner {
  constructor(
    private readonly bus: Pick<Bus, 'call'>,
    private readonly signer: Signer,
    private readonly verifier: RememberedVerifier,
    private readonly missingSecrets: MissingSecrets,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws Fault of the run, with `wallMs` in its detail; nothing else comes out of a run but checked insights */
  async run(integration: MatchedIntegration, question: Question, signal: AbortSignal): Promise<RunReply> {
    const grant = await grantOf(integration, this.verifier);
    if (!isFor(grant, question)) throw new Fault('request.forbidden', `"${grant.name}" is for other groups.`);
    await this.missingSecrets.refuse(grant);
    const allowed = { grant, integration, question, input: inputOf(grant, integration, question) };
    for (let again = 0; ; again++) {
      let hasActed = false;
      try {
        return await this.attempt(allowed, signal, () => (hasActed = true));
      } catch (error) {
        if (hasActed || !isRepeatable(error, again)) throw withLimits(error, grant);
      }
    }
  }

  /** How long a run of it may take, with the way there and back. @throws Fault as `grantOf` does */
  async longestMs(integration: MatchedIntegration): Promise<number> {
    const { limits } = await grantOf(integration, this.verifier);
    return limits.wallMs + WAY_MS;
  }

  // One ticket, one run. A runner that is full has not begun it: the same ticket is good for the next one.
  private async attempt(
    { grant, integration, question, input }: AllowedRun,
    signal: AbortSignal,
    onAct: () => void,
  ): Promise<RunReply> {
    const startedAt = this.now();
    const deadline = startedAt + WAY_MS + grant.limits.wallMs;
    const ticket = await issueTicket(this.signer, grant, input, viewerScopeOf(integration, question), this.now());
    const request: RunRequest = { ticket, grant: integration.grant, input };
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      try {
        return await this.ask(request, { timeoutMs: Math.max(1, deadline - this.now()), signal }, onAct);
      } catch (error) {
        if (!isFault(error) || !NOT_BEGUN.includes(error.code)) throw error;
        // Who waits for a place may wait as long as for the run; it has what is left.
        const patienceMs = error.code === 'runner.full' ? Math.max(WAY_MS, grant.limits.wallMs) : WAY_MS;
        if (this.now() + pauseMs > startedAt + patienceMs) throw error;
      }
      await sleep(pauseMs, undefined, { signal });
    }
  }

  private async ask(request: RunRequest, options: CallOptions, onAct: () => void): Promise<RunReply> {
    for await (const message of this.bus.call<RunNotice | RunReply>(runnerSubjects.run, request, options)) {
      if (!('isAboutToAct' in message)) return { ...message, insights: checkInsights(message.insights) };
      onAct();
    }
    throw new Fault('run.result_invalid', 'The runner ended without an answer.');
  }
}

/** Runs get the context with its fields in order: what cannot be told apart by a cache cannot be told apart by code. */
function inputOf(grant: Grant, { dataDigest }: MatchedIntegration, { canonical, viewer }: Question): RunInput {
  return {
    context: JSON.parse(canonical),
    ...(dataDigest !== undefined && { dataDigest }),
    ...(grant.scope === 'user' && { viewer }),
  };
}

const isFor = ({ groups }: Grant, { viewer }: Question): boolean =>
  groups.length === 0 || groups.some((group) => viewer.groups.includes(group));

const isRepeatable = (error: unknown, again: number): boolean =>
  isFault(error) &&
  again < (AGAIN[error.code] ?? 0) &&
  (error.code !== 'run.disturbed' || error.detail?.isRepeatable === true);

function withLimits(error: unknown, { limits }: Grant): unknown {
  if (!isFault(error)) return error;
  return new Fault(error.code, error.message, { cause: error, detail: { ...error.detail, wallMs: limits.wallMs } });
}
