import type { MatchedIntegration, RunReply, Viewer } from '@fingerpost/contracts';
import { AnswerContext, type Outcome } from '../answer/answer-context.ts';
import { KeptAnswers } from '../answer/results/kept-answers.ts';
import { memoryCache } from '../answer/results/memory-cache.ts';
import { noTurns } from '../answer/turns/turns.ts';
import { Failures } from '../failures/failures.ts';
import { SecretsNews } from '../news/news.ts';
import { neverLeaves, page, questionOf, viewer } from './answers.ts';

export type Run = (
  context: Record<string, unknown>,
  viewer: Viewer,
  signal: AbortSignal,
  name: string,
) => Partial<RunReply> | Promise<Partial<RunReply>>;

/** The rule with a clock that stands still until it is told otherwise. */
export function answersUnderTest(matched: MatchedIntegration[], run: Run) {
  const time = { ms: 1_000_000 };
  const runs: string[] = [];
  const lines: { facts: Record<string, unknown>; message: string }[] = [];
  const log = (facts: unknown, message: unknown) =>
    void lines.push({ facts: facts as Record<string, unknown>, message: String(message) });
  const secrets = new SecretsNews();
  const shared = memoryCache({ bytes: 1_000_000 });
  const now = () => time.ms;
  const kept = new KeptAnswers(shared, { entries: 100, bytes: 1_000_000 }, now, () => 0);
  const answers = new AnswerContext({
    matchLists: { atHand: () => undefined, find: async () => matched },
    kept,
    turns: noTurns,
    runner: {
      longestMs: async () => 6_500,
      run: async ({ name }, { context, viewer }, signal) => {
        runs.push(name);
        const reply = await run(context, viewer, signal, name);
        return { insights: [], reads: [], hasRemembered: false, tookMs: 1, ...reply };
      },
    },
    secrets,
    failures: new Failures(memoryCache({ bytes: 1_000_000 })),
    log: { warn: log, debug: log } as never,
    now,
  });
  const ask = async (context: object = page(), who = viewer('anna'), leaving = neverLeaves): Promise<Outcome[]> => {
    const answer = await answers.ask(questionOf(context, who), leaving);
    return Promise.all(answer.outcomes);
  };
  const askOne = async (...args: Parameters<typeof ask>) =>
    (await ask(...args))[0] as Extract<Outcome, { insights: unknown }>;
  return { ask, askOne, answers, runs, lines, time, secrets, shared, matched };
}
