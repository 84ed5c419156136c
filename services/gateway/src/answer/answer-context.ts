import { randomBytes } from 'node:crypto';
import { type FailureDetail, type Insight, isFault, type MatchedIntegration } from '@fingerpost/contracts';
import { describeSpan, inSpan, type Log } from '@fingerpost/platform';
import type { Failures } from '../failures/failures.ts';
import { reasonOf } from '../failures/reasons.ts';
import type { SecretsNews } from '../news/news.ts';
import { type AnswerCounts, countAnswers } from './answer-counts.ts';
import type { AskRunner } from './ask-runner.ts';
import { FindAnswer, type Wanted } from './find-answer.ts';
import type { MatchLists } from './match-lists.ts';
import type { Question } from './question.ts';
import { answerBase, viewerScopeOf } from './results/answer-keys.ts';
import { freshnessOf } from './results/freshness.ts';
import type { KeptAnswers } from './results/kept-answers.ts';
import type { Turns } from './turns/turns.ts';

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
  turns: Turns;
  runner: Pick<AskRunner, 'run' | 'longestMs'>;
  secrets: SecretsNews;
  failures: Failures;
  log: Pick<Log, 'warn' | 'debug'>;
  now?: () => number;
}

/**
 * The whole story of a request. Which integrations fit? When each has a fresh answer at hand, they leave at once, without any hop.
 * Else, for each, `find-answer.ts` looks further.
 */
export class AnswerContext {
  private readonly further: FindAnswer;
  private readonly counts: AnswerCounts = countAnswers();
  private readonly now: () => number;

  constructor(private readonly parts: AnswerContextParts) {
    this.now = parts.now ?? Date.now;
    this.further = new FindAnswer({
      ...parts,
      now: this.now,
      stands: (wanted) => this.stands(wanted),
      onRun: ({ integration }, ms) => this.counts.integrations.ran(integration.name, ms),
      onHiddenFailure: (wanted, error) => this.fail(wanted, error),
    });
  }

  /** The answer if nothing has to be waited for. */
  atHand(question: Question): AnswerAtHand | undefined {
    const matched = this.parts.matchLists.atHand(question);
    const outcomes: Outcome[] = [];
    for (const integration of matched ?? []) {
      const outcome = this.freshAtHand(this.wantedOf(integration, question));
      if (outcome === undefined) return undefined;
      outcomes.push(outcome);
    }
    if (matched === undefined) return undefined;
    for (const { name } of matched) this.counts.integrations.count(name, 'memory');
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
      outcomes: matched.map((integration) => this.askOne(this.wantedOf(integration, question), leaving)),
    };
  }

  private async askOne(wanted: Wanted, leaving: AbortSignal): Promise<Outcome> {
    const atHand = this.freshAtHand(wanted);
    if (atHand === undefined) return await inSpan('gateway.find-answer', () => this.lookFurther(wanted, leaving));
    this.counts.integrations.count(atHand.integration, 'memory');
    return atHand;
  }

  private freshAtHand({ base, integration, question }: Wanted): Answered | undefined {
    if (integration.cacheSeconds === 0) return undefined;
    const kept = this.parts.kept.atHand(base, integration, question);
    if (kept === undefined || freshnessOf(kept, this.now()) !== 'fresh') return undefined;
    return answered(integration, kept.insights, { isCached: true });
  }

  private async lookFurther(wanted: Wanted, leaving: AbortSignal): Promise<Outcome> {
    describeSpan({ 'fingerpost.integration': wanted.integration.name });
    try {
      const { insights, from } = await this.further.find(wanted, leaving);
      describeSpan({ 'fingerpost.answer_from': from });
      this.counts.integrations.count(wanted.integration.name, from);
      return answered(wanted.integration, insights, { isCached: from !== 'run', isStale: from === 'stale' });
    } catch (error) {
      return this.fail(wanted, error, leaving);
    }
  }

  private wantedOf(integration: MatchedIntegration, question: Question): Wanted {
    const base = answerBase(integration, this.parts.secrets.revision, viewerScopeOf(integration, question));
    return { base, integration, question };
  }

  /** Whether the very same code still fits this question, under the same grant, with the same secrets. */
  private async stands({ base, integration, question }: Wanted): Promise<boolean> {
    const matched = await this.parts.matchLists.find(question).catch(() => []);
    const now = matched.find(({ name }) => name === integration.name);
    return now !== undefined && this.wantedOf(now, question).base === base;
  }

  private fail({ integration, question }: Wanted, error: unknown, leaving?: AbortSignal): Failed {
    const { name } = integration;
    const id = randomBytes(4).toString('hex');
    if (leaving?.aborted === true)
      this.parts.log.debug({ integration: name, id }, `${name}: nobody waits for it any more`);
    else this.tell(this.parts.failures.keep(id, integration, viewerScopeOf(integration, question), error), error);
    return { integration: name, failure: { id, reason: reasonOf(error) } };
  }

  private tell({ at: _at, message, next, stack, ...line }: FailureDetail, error: unknown): void {
    this.counts.failed(line.integration, line.code);
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
