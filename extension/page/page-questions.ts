import type { PageContext } from '@fingerpost/contracts';
import type { PageProblem } from '../gateway/page-problem.ts';
import { askWorker } from './ask-worker.ts';
import type { PageView } from './page-view.ts';

const AGAIN_MS = [3_000, 10_000, 30_000, 60_000];

export interface Reading {
  context: PageContext;
  missing: readonly string[];
}

export interface QuestionParts {
  view: PageView;
  ask: typeof askWorker;
  /** there is something to show */
  onShow(): void;
  /** asks for a page that is looked at; a tab in the background waits */
  whenSeen(act: () => void): void;
  signal: AbortSignal;
}

/** One question at a time: a new one lets go of the one before, and an equal one is not put twice. */
export class PageQuestions {
  private running = new AbortController();
  private current: Reading | undefined;
  private text = '';
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly parts: QuestionParts) {
    parts.signal.addEventListener('abort', () => this.leave());
  }

  /** What was asked about last. */
  get context(): PageContext | undefined {
    return this.current?.context;
  }

  about(reading: Reading): void {
    const text = JSON.stringify(reading.context);
    if (text === this.text) return;
    this.text = text;
    this.current = reading;
    this.put();
  }

  again(): void {
    if (this.current !== undefined) this.put();
  }

  retry(integration: string): void {
    if (this.current !== undefined) this.put(integration);
  }

  leave(): void {
    this.running.abort();
    clearTimeout(this.timer);
    this.text = '';
  }

  private async put(only?: string): Promise<void> {
    this.running.abort();
    clearTimeout(this.timer);
    this.running = new AbortController();
    const { signal } = this.running;
    const { view, ask, onShow } = this.parts;
    const { context, missing } = this.current!;
    const problem = await ask(context, {
      signal,
      onStart: () => view.start(context, missing, only),
      onEvent: (event) => {
        if (signal.aborted) return;
        view.hear(event);
        if (event.name === 'expected' && event.data.integrations.length > 0) onShow();
      },
    }).catch(() => STUMBLED);
    if (!signal.aborted) this.end(problem);
  }

  private end(problem: PageProblem | undefined): void {
    this.parts.view.end(problem);
    if (problem !== undefined) this.parts.onShow();
    this.failures = problem === undefined ? 0 : this.failures + 1;
    if (problem?.isPassing !== true) return;
    const waitMs = AGAIN_MS[Math.min(this.failures, AGAIN_MS.length) - 1];
    this.timer = setTimeout(() => this.parts.whenSeen(() => this.again()), waitMs);
  }
}

const STUMBLED: PageProblem = { title: 'The extension stumbled', isPassing: true, isForSettings: false };
