import { setTimeout as wait } from 'node:timers/promises';
import {
  checkInsights,
  Fault,
  type Grant,
  isFault,
  type MatchedIntegration,
  type RunInput,
  type RunReply,
  type RunRequest,
  runnerSubjects,
} from '@fingerpost/contracts';
import type { Bus, RememberedVerifier, Signer } from '@fingerpost/platform';
import { grantOf } from './grants.ts';
import { issueTicket } from './issue-ticket.ts';
import type { MissingSecrets } from './missing-secrets.ts';
import type { Question } from './question.ts';
import { viewerScopeOf } from './results/kept-answers.ts';

/** On top of the run's own time: for the way there and back. */
const WAY_MS = 1_500;
const FULL_TRIES = 3;
const FULL_WAIT_MS = 40;

/** Has an integration run: checks what it may, signs a ticket, and asks the runners until one has room. */
export class AskRunner {
  constructor(
    private readonly bus: Pick<Bus, 'request'>,
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
    const input = inputOf(grant, integration, question);
    try {
      return await this.attempt(grant, integration, input, question, signal);
    } catch (error) {
      if (isRepeatable(error)) return await this.attempt(grant, integration, input, question, signal);
      throw withLimits(error, grant);
    }
  }

  /** How long a run of it may take, with the way there and back. @throws Fault as `grantOf` does */
  async longestMs(integration: MatchedIntegration): Promise<number> {
    const { limits } = await grantOf(integration, this.verifier);
    return limits.wallMs + WAY_MS;
  }

  // One ticket, one run. A runner that is full has not begun it: the same ticket is good for the next one.
  private async attempt(
    grant: Grant,
    integration: MatchedIntegration,
    input: RunInput,
    question: Question,
    signal: AbortSignal,
  ): Promise<RunReply> {
    const deadline = this.now() + grant.limits.wallMs + WAY_MS;
    const ticket = await issueTicket(this.signer, grant, input, viewerScopeOf(integration, question), this.now());
    const request: RunRequest = { ticket, grant: integration.grant, input };
    for (let tries = 1; ; tries++) {
      try {
        const timeoutMs = Math.max(1, deadline - this.now());
        const reply = await this.bus.request<RunReply>(runnerSubjects.run, request, { timeoutMs, signal });
        return { ...reply, insights: checkInsights(reply.insights) };
      } catch (error) {
        const isLast = tries > FULL_TRIES || this.now() + FULL_WAIT_MS * tries > deadline;
        if (isLast || !isFault(error) || error.code !== 'runner.full') throw error;
        await wait(FULL_WAIT_MS * tries, undefined, { signal });
      }
    }
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

const isRepeatable = (error: unknown): boolean =>
  isFault(error) && error.code === 'run.disturbed' && error.detail?.isRepeatable === true;

function withLimits(error: unknown, { limits }: Grant): unknown {
  if (!isFault(error)) return error;
  return new Fault(error.code, error.message, { cause: error, detail: { ...error.detail, wallMs: limits.wallMs } });
}
