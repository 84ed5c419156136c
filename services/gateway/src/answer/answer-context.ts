import { randomBytes } from 'node:crypto';
import {
  type FailureDetail,
  type Insight,
  isFault,
  type MatchedIntegration,
  type RunReply,
} from '@fingerpost/contracts';
import type { Log } from '@fingerpost/platform';
import type { Failures } from '../failures/failures.ts';
import { reasonOf } from '../failures/reasons.ts';
import type { SecretsNews } from '../news/news.ts';
import { type AnswerCounts, countAnswers } from './answer-counts.ts';
import type { AskRunner } from './ask-runner.ts';
import type { MatchLists } from './match-lists.ts';
import type { Question } from './question.ts';
import { freshnessOf } from './results/freshness.ts';
import { answerBase, type KeptAnswer, type KeptAnswers, viewerScopeOf } from './results/kept-answers.ts';
import { SharedWork } from './shared-work.ts';

/** What became of one integration. */
export type Outcome = Answered | Failed;

export interface Answered {
  integration: string;
  insights: Insight[];
  isCached: boolean;
  isStale: boolean;
}

export interface Failed {
  integration: string;
  /** the id names the line in the log that has the error's text; the reason is safe to show */
  failure: { id: string; reason: string };
}

/** One outcome for each integration that fits, in priority order. */
export interface Answer {
  expected: string[];
  outcomes: Promise<Outcome>[];
}

/** The same where every outcome is known already. */
export interface AnswerAtHand {
  expected: string[];
  outcomes: Outcome[];
}

export interface AnswerContextParts {
  matchLists: Pick<MatchLists, 'atHand' | 'find'>;
  kept: KeptAnswers;
  runner: Pick<AskRunner, 'run'>;
  secrets: SecretsNews;
  failures: Failures;
  log: Pick<Log, 'warn' | 'debug'>;
  now?: () => number;
}

/**
 * The whole story of a request. Which integrations fit? When each has a fresh answer at hand, they leave at once, without any hop.
 * Else, for each: the shared cache is asked, then the integration runs, once for all who ask the same meanwhile.
 */
export class AnswerContext {
  private readonly runs = new SharedWork<RunReply>();
  private readonly counts: AnswerCounts = countAnswers();
  private readonly now: () => number;

  constructor(private readonly parts: AnswerContextParts) {
    this.now = parts.now ?? Date.now;
  }

  /** The answer if nothing has to be waited for. */
  atHand(question: Question): AnswerAtHand | undefined {
    const matched = this.parts.matchLists.atHand(question);
    const outcomes: Outcome[] = [];
    for (const integration of matched ?? []) {
      const outcome = this.freshAtHand(this.baseOf(integration, question), integration, question);
      if (outcome === undefined) return undefined;
      outcomes.push(outcome);
    }
    if (matched === undefined) return undefined;
    this.counts.atHand(outcomes.length);
    return { expected: namesOf(matched), outcomes };
  }

  /**
   * Outcomes never reject: a failure is an outcome. `leaving` fires when nobody waits for the answer any more.
   * @throws Fault when nobody can say which integrations fit
   */
  async ask(question: Question, leaving: AbortSignal): Promise<Answer> {
    const matched = await this.parts.matchLists.find(question);
    return {
      expected: namesOf(matched),
      outcomes: matched.map((integration) => this.askOne(integration, question, leaving)),
    };
  }

  private async askOne(integration: MatchedIntegration, question: Question, leaving: AbortSignal): Promise<Outcome> {
    const base = this.baseOf(integration, question);
    const atHand = this.freshAtHand(base, integration, question);
    if (atHand === undefined) return await this.lookFurther(base, integration, question, leaving);
    this.counts.atHand(1);
    return atHand;
  }

  private freshAtHand(base: string, integration: MatchedIntegration, question: Question): Answered | undefined {
    if (integration.cacheSeconds === 0) return undefined;
    const kept = this.parts.kept.atHand(base, integration, question);
    if (kept === undefined || freshnessOf(kept, this.now()) !== 'fresh') return undefined;
    return answered(integration, kept.insights, { isCached: true });
  }

  private async lookFurther(
    base: string,
    integration: MatchedIntegration,
    question: Question,
    leaving: AbortSignal,
  ): Promise<Outcome> {
    const kept = integration.cacheSeconds === 0 ? undefined : await this.parts.kept.find(base, integration, question);
    const freshness = kept === undefined ? 'gone' : freshnessOf(kept, this.now());
    if (freshness === 'fresh') {
      this.counts.shared();
      return answered(integration, kept!.insights, { isCached: true });
    }
    if (freshness === 'stale') {
      void this.refresh(base, integration, question);
      return this.stale(integration, kept!);
    }
    try {
      const { insights } = await this.run(base, integration, question, leaving);
      return answered(integration, insights);
    } catch (error) {
      const failed = this.fail(integration, question, error, leaving);
      return freshness === 'last resort' && !isForbidden(error) ? this.stale(integration, kept!) : failed;
    }
  }

  private baseOf(integration: MatchedIntegration, question: Question): string {
    return answerBase(integration, this.parts.secrets.revision, viewerScopeOf(integration, question));
  }

  private run(
    base: string,
    integration: MatchedIntegration,
    question: Question,
    leaving?: AbortSignal,
  ): Promise<RunReply> {
    return this.runs.join(`${base} ${question.contextId}`, leaving, async (abandoned) => {
      const reply = await this.parts.runner.run(integration, question, abandoned);
      this.counts.run();
      this.parts.kept.keep(base, integration, question, reply);
      return reply;
    });
  }

  // Nobody waits for it, so nobody can call it off.
  private async refresh(base: string, integration: MatchedIntegration, question: Question): Promise<void> {
    await this.run(base, integration, question).catch((error) => this.fail(integration, question, error));
  }

  private stale(integration: MatchedIntegration, kept: KeptAnswer): Answered {
    this.counts.stale();
    return answered(integration, kept.insights, { isCached: true, isStale: true });
  }

  private fail(integration: MatchedIntegration, question: Question, error: unknown, leaving?: AbortSignal): Failed {
    const { name } = integration;
    const id = randomBytes(4).toString('hex');
    if (leaving?.aborted === true)
      this.parts.log.debug({ integration: name, id }, `${name}: nobody waits for it any more`);
    else this.tell(this.parts.failures.keep(id, integration, viewerScopeOf(integration, question), error), error);
    return { integration: name, failure: { id, reason: reasonOf(error) } };
  }

  private tell({ at: _at, message, next, stack, ...line }: FailureDetail, error: unknown): void {
    this.counts.failed(line.code);
    const place = [line.file, line.line, line.column].filter((part) => part !== undefined).join(':');
    const sentence = [`${line.integration}:`, place && `${place}:`, message, next].filter(Boolean).join(' ');
    // An author's error is told by its stack, an error of ours by all that it is.
    this.parts.log.warn(isFault(error) ? { ...line, stack } : { ...line, err: error }, sentence);
  }
}

function answered(
  { name }: MatchedIntegration,
  insights: Insight[],
  how: { isCached?: boolean; isStale?: boolean } = {},
): Answered {
  return { integration: name, insights, isCached: how.isCached === true, isStale: how.isStale === true };
}

const namesOf = (matched: MatchedIntegration[]) => matched.map(({ name }) => name);

/** What may not run any more may not be shown any more. */
const isForbidden = (error: unknown): boolean =>
  isFault(error) && ['grant.revoked', 'grant.unknown', 'request.forbidden', 'signature.invalid'].includes(error.code);
