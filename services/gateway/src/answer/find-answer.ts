import { setTimeout as sleep } from 'node:timers/promises';
import { type Insight, isFault, type MatchedIntegration } from '@fingerpost/contracts';
import { LRUCache } from 'lru-cache';
import type { AskRunner } from './ask-runner.ts';
import type { Question } from './question.ts';
import { type Freshness, freshnessOf } from './results/freshness.ts';
import type { KeptAnswer } from './results/kept-answer.ts';
import type { KeptAnswers } from './results/kept-answers.ts';
import { SharedWork } from './shared-work.ts';
import { EVERYBODYS_TURN, type Turn, type Turns } from './turns/turns.ts';

/** One integration's answer to one question. */
export interface Wanted {
  /** everything but the context that the answer belongs to */
  base: string;
  integration: MatchedIntegration;
  question: Question;
}

export interface Found {
  insights: Insight[];
  from: 'shared' | 'stale' | 'run';
}

export interface FindAnswerParts {
  kept: KeptAnswers;
  turns: Turns;
  runner: Pick<AskRunner, 'run' | 'longestMs'>;
  now: () => number;
  /** whether what was wanted is still what there is: asked after long waits */
  stands: (wanted: Wanted) => Promise<boolean>;
  /** a run has answered, after so many milliseconds */
  onRun: (wanted: Wanted, ms: number) => void;
  /** a run has failed, and those who asked were given an older answer */
  onHiddenFailure: (wanted: Wanted, error: unknown) => void;
}

/** What lies in the shared cache, and whose turn it is to run if that is not enough. */
interface Look {
  turn: Turn;
  kept: KeptAnswer | undefined;
  freshness: Freshness;
}

const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;
/** A turn that outlasts any run may be an old one that somebody put back: for so long nobody here waits for another gateway. */
const NO_TURNS_MS = 60_000;

/**
 * An answer that is not at hand: out of the cache that gateways share, or of a run. Of many who want the same one runs it, and the
 * others wait, on this gateway and on all that share the cache.
 */
export class FindAnswer {
  private readonly searches = new SharedWork<Found>();
  private readonly runs = new SharedWork<Insight[]>();
  /** whose last answer was for its asker alone: waiting for another's run of it would be in vain */
  private readonly unkept = new LRUCache<string, true>({ max: 10_000 });
  private waitedInVainAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: FindAnswerParts) {}

  /** @throws Fault of the run */
  find(wanted: Wanted, leaving: AbortSignal): Promise<Found> {
    return this.searches.join(keyOf(wanted), leaving, (abandoned) => this.search(wanted, abandoned));
  }

  private async search(wanted: Wanted, abandoned: AbortSignal): Promise<Found> {
    if (wanted.integration.cacheSeconds === 0) return ran(await this.run(wanted, EVERYBODYS_TURN, abandoned));
    const { turn, kept, freshness } = await this.lookUntilOurTurn(wanted, abandoned);
    if (freshness === 'fresh') {
      turn.done();
      return { insights: kept!.insights, from: 'shared' };
    }
    if (freshness === 'stale') {
      if (turn.isOurs) void this.refresh(wanted, turn);
      return { insights: kept!.insights, from: 'stale' };
    }
    try {
      return ran(await this.run(wanted, turn, abandoned));
    } catch (error) {
      if (freshness === 'gone' || isForbidden(error) || !(await this.parts.stands(wanted))) throw error;
      this.parts.onHiddenFailure(wanted, error);
      return { insights: kept!.insights, from: 'stale' };
    }
  }

  /**
   * While another gateway runs, looks again and again: more often at first, so that nobody waits for more than a quarter longer. Whoever
   * sees the other fail or vanish, or waits for longer than a run may take, runs.
   */
  private async lookUntilOurTurn(wanted: Wanted, abandoned: AbortSignal): Promise<Look> {
    let look = await this.look(wanted);
    if (look.turn.isOurs || isEnough(look)) return look;
    const { holder } = look.turn;
    const startedAt = performance.now();
    const longestMs = await this.parts.runner.longestMs(wanted.integration);
    for (let waited = 0; look.turn.holder === holder && !isEnough(look) && waited < longestMs; ) {
      await sleep(Math.min(Math.max(SHORTEST_PAUSE_MS, waited / 4), LONGEST_PAUSE_MS), undefined, {
        signal: abandoned,
      });
      look = await this.look(wanted);
      waited = performance.now() - startedAt;
    }
    if (look.turn.holder === holder && !isEnough(look)) this.waitedInVainAt = this.parts.now();
    // What was revoked meanwhile is not given out; running it leaves the judgement to the runner.
    return isEnough(look) && !(await this.parts.stands(wanted)) ? { ...look, freshness: 'gone' } : look;
  }

  // One way there and back. The turn is asked for first: whoever gets it sees what the one before has left.
  private async look(wanted: Wanted): Promise<Look> {
    const { base, integration, question } = wanted;
    const isOwnMatter =
      this.unkept.has(base) ||
      this.runs.isUnderWay(keyOf(wanted)) ||
      this.parts.now() - this.waitedInVainAt < NO_TURNS_MS;
    const [turn, kept] = await Promise.all([
      isOwnMatter ? EVERYBODYS_TURN : this.parts.turns.take(keyOf(wanted)),
      this.parts.kept.find(base, integration, question),
    ]);
    return { turn, kept, freshness: kept === undefined ? 'gone' : freshnessOf(kept, this.parts.now()) };
  }

  private async run(wanted: Wanted, turn: Turn, abandoned?: AbortSignal): Promise<Insight[]> {
    let written: Promise<unknown> | undefined;
    const start = async (signal: AbortSignal) => {
      const { base, integration, question } = wanted;
      const startedAt = performance.now();
      const reply = await this.parts.runner.run(integration, question, signal);
      this.parts.onRun(wanted, performance.now() - startedAt);
      written = this.parts.kept.keep(base, integration, question, reply);
      if (written === undefined) this.unkept.set(base, true);
      else this.unkept.delete(base);
      return reply.insights;
    };
    try {
      return await this.runs.join(keyOf(wanted), abandoned, start);
    } finally {
      // Not before the others can find the answer.
      void Promise.resolve(written).then(turn.done, turn.done);
    }
  }

  // Nobody waits for it, so nobody can call it off.
  private async refresh(wanted: Wanted, turn: Turn): Promise<void> {
    await this.run(wanted, turn).catch((error) => this.parts.onHiddenFailure(wanted, error));
  }
}

const keyOf = ({ base, question }: Wanted): string => `${base} ${question.contextId}`;

const ran = (insights: Insight[]): Found => ({ insights, from: 'run' });

const isEnough = ({ freshness }: Look): boolean => freshness === 'fresh' || freshness === 'stale';

/** What may not run any more may not be shown any more. */
const isForbidden = (error: unknown): boolean =>
  isFault(error) && ['grant.revoked', 'grant.unknown', 'request.forbidden', 'signature.invalid'].includes(error.code);
