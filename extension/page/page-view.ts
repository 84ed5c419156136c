import { type AnswerEvent, type AnswerState, noAnswer, withEvent, withRetry } from '@fingerpost/bar';
import type { PageContext } from '@fingerpost/contracts';
import type { FloatPlace } from '../display/display.ts';
import type { PageProblem } from '../gateway/page-problem.ts';
import type { PageSettings } from '../messages.ts';

export interface LoggedEvent {
  event: AnswerEvent;
  /** since the question left */
  atMs: number;
}

/** All that the bar shows of a page. Never changed in place. */
export interface View {
  answer: AnswerState;
  problem?: PageProblem;
  settings: PageSettings;
  /** for whoever debugs: what was sent, what came back, what was sought in vain */
  sent?: PageContext;
  log: readonly LoggedEvent[];
  missing: readonly string[];
}

export interface PageActions {
  retry(integration: string): void;
  hide(): unknown;
  float(isFloating: boolean, place?: FloatPlace): unknown;
  openSettings(): unknown;
}

/** What the loader knows and the bar draws. The two are scripts of one isolated world; the page's own world sees neither. */
export class PageView {
  private now: View;
  private readonly listeners = new Set<() => void>();
  private startedAt = 0;
  private only: string | undefined;

  constructor(
    settings: PageSettings,
    private readonly life: AbortController,
    readonly actions: PageActions,
  ) {
    this.now = { answer: noAnswer, settings, log: [], missing: [] };
  }

  /** The bar leaves with it. */
  get signal(): AbortSignal {
    return this.life.signal;
  }

  stop(): void {
    this.life.abort();
  }

  readonly read = (): View => this.now;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  change(change: Partial<View>): void {
    this.now = { ...this.now, ...change };
    for (const listener of this.listeners) listener();
  }

  /** A new question; what the last one brought stays until the new one says who is expected. */
  start(sent: PageContext, missing: readonly string[], only?: string): void {
    this.startedAt = performance.now();
    this.only = only;
    const answer = only === undefined ? this.now.answer : withRetry(this.now.answer, only);
    this.change({ sent, missing, log: [], answer });
  }

  hear(event: AnswerEvent): void {
    const log = [...this.now.log, { event, atMs: performance.now() - this.startedAt }];
    if (!this.isWanted(event)) return this.change({ log });
    this.change({ log, answer: withEvent(this.now.answer, event), problem: undefined });
  }

  /** While the gateway is away, what is known stays; whoever is signed out knows nothing any more. */
  end(problem: PageProblem | undefined): void {
    const answer = problem?.isPassing === false ? noAnswer : this.now.answer;
    this.change({ problem, answer: { ...answer, isDone: true } });
  }

  // The others have their place already: only the one that is tried again is looked at.
  private isWanted(event: AnswerEvent): boolean {
    if (this.only === undefined) return true;
    return 'integration' in event.data ? event.data.integration === this.only : event.name === 'done';
  }
}

const KEY = Symbol.for('fingerpost.page');
type World = { [KEY]?: PageView };

export const pageViewHere = (): PageView | undefined => (globalThis as World)[KEY];
export const putPageView = (view: PageView | undefined): void => {
  (globalThis as World)[KEY] = view;
};
