import type { InspectReply, RunLimits } from '@fingerpost/contracts';
import { readFromSandbox } from '../from-sandbox.ts';
import type { EffectOutcome, FromSandbox, SandboxFailure, SandboxResult } from '../protocol.ts';
import { checkAgain } from './check-again.ts';
import { cut } from './cut.ts';
import { GuestQuestions } from './guest-questions.ts';
import type { Isolate, Script } from './ivm.ts';
import type { Room } from './room.ts';
import { tooLarge } from './too-large.ts';

const LATE = 0.8;
/** After being told to stop, a thread that stops at all does so within this. */
const STUCK_AFTER_MS = 300;

/** What the guest's JSON should be. */
type Outcome = SandboxResult | InspectReply | { failure: SandboxFailure };

/** Ends a run from outside; what it throws at the run is what the run ends with. */
class Stopped extends Error {
  constructor(readonly failure: SandboxFailure) {
    super(failure.message);
  }
}

/** One run of one author's code in its room, with every limit that the process itself can hold it to. */
export class GuestRun {
  private readonly stops: (() => void)[] = [];
  private readonly questions: GuestQuestions;
  private stopped: Stopped | undefined;
  private cpuTaken: bigint | undefined;
  private rejectRun: (error: unknown) => void = () => {};

  constructor(
    private readonly id: number,
    private readonly room: Room,
    private readonly limits: RunLimits,
    private readonly say: (message: FromSandbox) => void,
    /** a run that had to wait for its place has less time left */
    private readonly askedAt = performance.now(),
  ) {
    const onBent = () =>
      this.stop({ code: 'run.failed', message: 'The run has changed how values become JSON and cannot go on.' });
    const onThrow = (error: unknown) => this.rejectRun(error);
    this.questions = new GuestQuestions({ id, room, limits, say, onBent, onThrow });
  }

  /** Tells the runner how the run ended. Resolves when the thread has let go of it, with whether it was answered. */
  async live(compile: () => Promise<Script>, operation: 'run' | 'inspect', args: string[]): Promise<boolean> {
    try {
      const answer = this.perform(compile, operation, args);
      this.watch(); // while the isolate's thread is at it already
      const json = await answer;
      if (this.stopped !== undefined) throw this.stopped;
      return this.tell(operation, JSON.parse(json) as Outcome);
    } catch (error) {
      this.say({ say: 'failed', id: this.id, failure: this.placed(this.explain(error)) });
      return false;
    } finally {
      this.end();
    }
  }

  // What JSON makes of an answer the author's code can bend; the runner would take whoever says such a thing for broken out.
  private tell(operation: 'run' | 'inspect', outcome: Outcome): boolean {
    const said: FromSandbox =
      'failure' in outcome
        ? { say: 'failed', id: this.id, failure: outcome.failure }
        : operation === 'run'
          ? { say: 'done', id: this.id, result: outcome as SandboxResult }
          : { say: 'inspected', id: this.id, found: outcome as InspectReply };
    if (readFromSandbox(said) === undefined) throw new TypeError('The answer has another shape than answers have.');
    this.say(said);
    return said.say !== 'failed';
  }

  livesIn(isolate: Isolate): boolean {
    return this.room.isolate === isolate;
  }

  /** CPU milliseconds of its isolate since this was asked last. Nothing of one that is being ended. */
  takeCpuMs(): number | undefined {
    const { isolate } = this.room;
    if (isolate.isDisposed) return undefined;
    const before = this.cpuTaken;
    this.cpuTaken = isolate.cpuTime;
    return before === undefined ? undefined : Number(this.cpuTaken - before) / 1e6;
  }

  settle(effect: number, outcome: EffectOutcome): void {
    this.questions.settle(effect, outcome);
  }

  /** Disposes the isolate: the only end that V8 code cannot refuse, though native loops inside V8 can. */
  stop(failure: SandboxFailure): void {
    if (this.stopped !== undefined) return;
    this.stopped = new Stopped(failure);
    if (!this.room.isolate.isDisposed) this.room.isolate.dispose();
    const stuck = setTimeout(
      () => this.say({ say: 'failed', id: this.id, failure: this.placed(failure), isStuck: true }),
      STUCK_AFTER_MS,
    );
    this.stops.push(() => clearTimeout(stuck));
  }

  private async perform(compile: () => Promise<Script>, operation: string, args: string[]): Promise<string> {
    const { globals } = this.room;
    const { resultBytes } = this.limits;
    const script = globals.isLoaded ? undefined : await compile();
    // Both go to the isolate's thread at once, where one follows the other: coming back here in between takes longer than most runs.
    // No time-outs of V8's: each would wake one more thread, and `watch` ends the isolate no later.
    const loaded = script?.run(globals.context);
    globals.isLoaded = true;
    // An unhandled rejection may end the run from any of its later steps, not only from this one.
    const later = new Promise<never>((_resolve, reject) => (this.rejectRun = reject));
    const answer = globals.dispatch.apply(undefined, [operation, resultBytes, ...args], {
      result: { promise: true, copy: true },
    }) as Promise<string>;
    for (const promise of [loaded, answer, later]) promise?.catch(() => {}); // the first is heard; the others are nobody's business
    try {
      const [json] = await Promise.race([Promise.all([answer, loaded]), later]);
      const bytes = Buffer.byteLength(json);
      if (bytes <= resultBytes) return json;
      throw new Stopped({ code: 'run.result_too_large', message: tooLarge(bytes, resultBytes) });
    } finally {
      await this.questions.close(); // watched until then
    }
  }

  private watch(): void {
    const { isolate } = this.room;
    const wall = setTimeout(() => this.stop(this.timedOut()), this.limits.wallMs - (performance.now() - this.askedAt));
    const cpuBefore = isolate.cpuTime;
    this.cpuTaken = cpuBefore;
    const uncheck = checkAgain(() => {
      if (isolate.isDisposed || Number(isolate.cpuTime - cpuBefore) / 1e6 <= this.limits.cpuMs) return;
      this.stop({ code: 'run.out_of_cpu', message: `The run computed for more than ${this.limits.cpuMs} ms.` });
    });
    this.stops.push(() => clearTimeout(wall), uncheck);
  }

  private timedOut(): SandboxFailure {
    return { code: 'run.timed_out', message: `The run took longer than ${this.limits.wallMs} ms.` };
  }

  /** Ended with a neighbour a moment before its own time was up: to do it again would only take as long again. */
  private get isLate(): boolean {
    return performance.now() - this.askedAt > LATE * this.limits.wallMs;
  }

  private explain(error: unknown): SandboxFailure {
    if (this.stopped !== undefined) return this.stopped.failure;
    if (error instanceof Stopped) return error.failure;
    const message = error instanceof Error ? error.message : 'The integration threw something that is no error.';
    if (/memory limit/.test(message))
      return { code: 'run.out_of_memory', message: `The run used more than ${this.limits.memoryMb} MB.` };
    if (/disposed|Promise was abandoned/.test(message))
      return this.isLate
        ? this.timedOut()
        : {
            code: 'run.disturbed',
            message: 'Another run of the same integration had to be ended, and with it the isolate.',
          };
    return {
      code: 'run.failed',
      message: cut(message, 1_000),
      stack: error instanceof Error && error.stack !== undefined ? cut(error.stack, 4_000) : undefined,
    };
  }

  // Code that had to be stopped has no stack of its own: its last call says how far it came.
  private placed(failure: SandboxFailure): SandboxFailure {
    const { lastCall } = this.questions;
    if (failure.stack !== undefined || lastCall === undefined) return failure;
    const { what, at } = lastCall;
    return { ...failure, message: `${failure.message} Its last call was ${what}.`, stack: at };
  }

  private end(): void {
    for (const stop of this.stops) stop();
    this.questions.forget();
  }
}
