import type { ErrorCode, InspectReply, RunLimits } from '@fingerpost/contracts';
import { readFromSandbox } from '../from-sandbox.ts';
import {
  type EffectOutcome,
  type EffectRequest,
  type FromSandbox,
  LINE_CHARS,
  type LogLevel,
  type SandboxFailure,
  type SandboxResult,
  STACK_CHARS,
} from '../protocol.ts';
import { cut } from './cut.ts';
import { type Isolate, ivm, type Script } from './ivm.ts';
import type { Room } from './room.ts';
import { tooLarge } from './too-large.ts';

const CPU_CHECK_MS = 25;
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
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopped: Stopped | undefined;
  private lines = 0;
  private nextEffect = 1;
  private lastCall: { what: string; at: string } | undefined;
  /** effect number to the guest's question */
  private readonly effects = new Map<number, number>();
  private cpuTaken: bigint | undefined;
  private isOver = false;
  /** the newest call into the isolate that brings an answer; they follow one another */
  private settled: Promise<unknown> = Promise.resolve();
  private rejectRun: (error: unknown) => void = () => {};

  constructor(
    private readonly id: number,
    private readonly room: Room,
    private readonly limits: RunLimits,
    private readonly say: (message: FromSandbox) => void,
    /** a run that had to wait for its place has less time left */
    private readonly askedAt = performance.now(),
  ) {}

  /** Tells the runner how the run ended. Resolves when the thread has let go of it, with whether it was answered. */
  async live(compile: () => Promise<Script>, operation: 'run' | 'inspect', args: string[]): Promise<boolean> {
    try {
      this.room.globals.listen((...asked) => this.onAsk(...asked));
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
    const question = this.effects.get(effect);
    this.effects.delete(effect);
    if (question === undefined) return;
    if (!outcome.isOk)
      return this.answer(question, false, JSON.stringify({ code: outcome.code, message: outcome.message }));
    const body = outcome.body === undefined ? undefined : Uint8Array.from(Buffer.from(outcome.body, 'base64')).buffer;
    this.answer(question, true, JSON.stringify(outcome.head ?? null), body);
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
      // The code may go on behind its own answer: it is watched until the thread lets go.
      this.isOver = true;
      await this.settled;
    }
  }

  private watch(): void {
    const { isolate } = this.room;
    const wall = setTimeout(() => this.stop(this.timedOut()), this.limits.wallMs - (performance.now() - this.askedAt));
    const cpuBefore = isolate.cpuTime;
    this.cpuTaken = cpuBefore;
    const cpu = setInterval(() => {
      if (isolate.isDisposed || Number(isolate.cpuTime - cpuBefore) / 1e6 <= this.limits.cpuMs) return;
      this.stop({ code: 'run.out_of_cpu', message: `The run computed for more than ${this.limits.cpuMs} ms.` });
    }, CPU_CHECK_MS);
    this.stops.push(
      () => clearTimeout(wall),
      () => clearInterval(cpu),
    );
  }

  private timedOut(): SandboxFailure {
    return { code: 'run.timed_out', message: `The run took longer than ${this.limits.wallMs} ms.` };
  }

  /** Ended with a neighbour a moment before its own time was up: to do it again would only take as long again. */
  private get isLate(): boolean {
    return performance.now() - this.askedAt > LATE * this.limits.wallMs;
  }

  /** A request's body in base64, and room for its head. */
  private get mostMessageChars(): number {
    return this.limits.requestBytes * 1.4 + 100_000;
  }

  private refuse(question: number, code: ErrorCode, message: string): void {
    this.answer(question, false, JSON.stringify({ code, message }));
  }

  // Authors cannot reach the bridge, but what JSON makes of their values they can bend: by a toJSON on Object.prototype, say.
  private onAsk(question: number, kind: string, json: string, at: string): void {
    try {
      if (![kind, json, at].every((one) => typeof one === 'string')) throw new TypeError('no question');
      // What is too large, or too much, ends here: the runner's memory belongs to everybody.
      if (json.length > this.mostMessageChars)
        this.refuse(question, 'outbound.too_large', 'The call carries too much.');
      else this.answerOrForward(question, kind, JSON.parse(json), at);
    } catch {
      this.stop({ code: 'run.failed', message: 'The run has changed how values become JSON and cannot go on.' });
    }
  }

  private answerOrForward(question: number, kind: string, message: unknown, at: string): void {
    if (kind === 'log') return this.log(message as { level: LogLevel; text: string });
    if (kind === 'sleep') return this.sleep(question, Number(message));
    if (this.nextEffect > this.limits.calls)
      return this.refuse(question, 'run.too_many_calls', `A run may make ${this.limits.calls} calls.`);
    const effect = this.nextEffect++;
    const request = { ...(message as object), kind } as EffectRequest;
    const asked = { say: 'effect', id: this.id, effect, request } as const;
    if (readFromSandbox(asked) === undefined) throw new TypeError('no such effect');
    this.effects.set(effect, question);
    this.lastCall = { what: nameOf(request), at: cut(at, STACK_CHARS) };
    this.say(asked);
  }

  private log(line: { level: LogLevel; text: string }): void {
    this.lines++;
    const said = { say: 'log', id: this.id, level: line.level, text: line.text } as const;
    if (readFromSandbox(said) === undefined) throw new TypeError('no such line');
    if (this.lines <= this.limits.logLines) this.say({ ...said, text: cut(said.text, LINE_CHARS) });
    else if (this.lines === this.limits.logLines + 1)
      this.say({
        say: 'log',
        id: this.id,
        level: 'warn',
        text: `More than ${this.limits.logLines} lines; the rest is left out.`,
      });
  }

  private sleep(question: number, ms: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.answer(question, true, '');
    }, ms);
    this.timers.add(timer);
  }

  private answer(question: number, isOk: boolean, json: string, body?: ArrayBuffer): void {
    if (this.isOver || this.room.isolate.isDisposed) return;
    const copy =
      body === undefined
        ? undefined
        : new ivm.ExternalCopy(body, { transferOut: true }).copyInto({ release: true, transferIn: true });
    const { dispatch } = this.room.globals;
    // The author's code goes on inside this call: what it throws, and what it computes, counts.
    this.settled = dispatch
      .apply(undefined, ['settle', question, isOk, json, copy])
      .catch((error) => this.rejectRun(error));
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
    if (failure.stack !== undefined || this.lastCall === undefined) return failure;
    const { what, at } = this.lastCall;
    return { ...failure, message: `${failure.message} Its last call was ${what}.`, stack: at };
  }

  private end(): void {
    for (const stop of this.stops) stop();
    for (const timer of this.timers) clearTimeout(timer);
    this.effects.clear();
  }
}

// Without the query: it is long, and may hold what the log need not have.
const nameOf = (request: EffectRequest): string =>
  request.kind === 'fetch'
    ? `${request.method.slice(0, 10)} ${cut(request.url.split('?', 1)[0]!, 200)}`
    : `cache.${CACHE[request.kind]}`;

const CACHE = { recall: 'get', remember: 'set' };
