import type { DoneEvent, ExpectedEvent, FailureEvent, Insight, InsightEvent } from '@fingerpost/contracts';

/** One event of the stream, by its name. */
export type AnswerEvent =
  | { name: 'expected'; data: ExpectedEvent }
  | { name: 'insight'; data: InsightEvent }
  | { name: 'failure'; data: FailureEvent }
  | { name: 'done'; data: DoneEvent };

export type Answer =
  | { insights: Insight[]; isCached: boolean; isStale: boolean }
  | { failure: { id: string; reason: string } };

/** What the bar draws. Never changed in place. */
export interface AnswerState {
  /** priority order: the order in the bar, whoever answers first */
  expected: readonly string[];
  /** whoever is expected and missing here is still on its way, or had nothing to say once `isDone` */
  answers: ReadonlyMap<string, Answer>;
  isDone: boolean;
}

export const noAnswer: AnswerState = { expected: [], answers: new Map(), isDone: false };

export function withEvent(state: AnswerState, event: AnswerEvent): AnswerState {
  switch (event.name) {
    case 'expected':
      return { expected: event.data.integrations, answers: new Map(), isDone: false };
    case 'insight':
      return withAnswer(state, event.data.integration, addInsight(state, event.data));
    case 'failure': {
      const { integration, id, reason } = event.data;
      return withAnswer(state, integration, { failure: { id, reason } });
    }
    case 'done':
      return { ...state, isDone: true };
  }
}

/** Asks anew for one integration: its place is held again, the others stay as they are. */
export function withRetry(state: AnswerState, integration: string): AnswerState {
  const answers = new Map(state.answers);
  answers.delete(integration);
  return { ...state, answers, isDone: false };
}

function withAnswer(state: AnswerState, integration: string, answer: Answer): AnswerState {
  // One that nobody announced is shown too, behind the announced ones.
  const expected = state.expected.includes(integration) ? state.expected : [...state.expected, integration];
  return { ...state, expected, answers: new Map(state.answers).set(integration, answer) };
}

function addInsight(state: AnswerState, event: InsightEvent): Answer {
  const known = state.answers.get(event.integration);
  const insights = known !== undefined && 'insights' in known ? [...known.insights] : [];
  // By index, because a fresh insight may follow the stale one that it replaces.
  insights[Math.min(event.index, insights.length)] = event.insight;
  return { insights, isCached: event.isCached, isStale: event.isStale };
}
