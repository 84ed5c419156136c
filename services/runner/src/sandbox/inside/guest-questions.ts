import type { ErrorCode, RunLimits } from '@fingerpost/contracts';
import { readFromSandbox } from '../from-sandbox.ts';
import {
  type EffectOutcome,
  type EffectRequest,
  type FromSandbox,
  LINE_CHARS,
  type LogLevel,
  STACK_CHARS,
} from '../protocol.ts';
import { cut } from './cut.ts';
import { ivm } from './ivm.ts';
import type { Room } from './room.ts';

/** A run that asks, as its questions know it. */
export interface Asker {
  id: number;
  room: Room;
  limits: RunLimits;
  say: (message: FromSandbox) => void;
  /** It asks what nobody can ask who has not bent how values become JSON. */
  onBent: () => void;
  /** The author's code goes on inside an answer: what it throws there. */
  onThrow: (error: unknown) => void;
}

/** What a run asks of its process (to log, to sleep) or, through it, of the runner (to call, to remember), and the answers. */
export class GuestQuestions {
  /** the one for the runner that was asked last, and where */
  lastCall: { what: string; at: string } | undefined;
  private lines = 0;
  private nextEffect = 1;
  /** effect number to the guest's question */
  private readonly effects = new Map<number, number>();
  private readonly timers = new Set<NodeJS.Timeout>();
  /** the newest call into the isolate that brings an answer; they follow one another */
  private settled: Promise<unknown> = Promise.resolve();
  private isOver = false;

  constructor(private readonly asker: Asker) {
    asker.room.globals.listen((...asked) => this.onAsk(...asked));
  }

  /** What the runner says to an effect. */
  settle(effect: number, outcome: EffectOutcome): void {
    const question = this.effects.get(effect);
    this.effects.delete(effect);
    if (question === undefined) return;
    if (!outcome.isOk)
      return this.answer(question, false, JSON.stringify({ code: outcome.code, message: outcome.message }));
    const body = outcome.body === undefined ? undefined : Uint8Array.from(Buffer.from(outcome.body, 'base64')).buffer;
    this.answer(question, true, JSON.stringify(outcome.head ?? null), body);
  }

  /** Answers no more. Resolves when the thread has let go of the last answer: the code may go on behind its own. */
  async close(): Promise<void> {
    this.isOver = true;
    await this.settled;
  }

  forget(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.effects.clear();
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
      this.asker.onBent();
    }
  }

  private answerOrForward(question: number, kind: string, message: unknown, at: string): void {
    const { id, limits, say } = this.asker;
    if (kind === 'log') return this.log(message as { level: LogLevel; text: string });
    if (kind === 'sleep') return this.sleep(question, Number(message));
    if (this.nextEffect > limits.calls)
      return this.refuse(question, 'run.too_many_calls', `A run may make ${limits.calls} calls.`);
    const effect = this.nextEffect++;
    const request = { ...(message as object), kind } as EffectRequest;
    const asked = { say: 'effect', id, effect, request } as const;
    if (readFromSandbox(asked) === undefined) throw new TypeError('no such effect');
    this.effects.set(effect, question);
    this.lastCall = { what: nameOf(request), at: cut(at, STACK_CHARS) };
    say(asked);
  }

  private log({ level, text }: { level: LogLevel; text: string }): void {
    const { id, limits, say } = this.asker;
    this.lines++;
    const said = { say: 'log', id, level, text } as const;
    if (readFromSandbox(said) === undefined) throw new TypeError('no such line');
    if (this.lines <= limits.logLines) say({ ...said, text: cut(text, LINE_CHARS) });
    else if (this.lines === limits.logLines + 1)
      say({ say: 'log', id, level: 'warn', text: `More than ${limits.logLines} lines; the rest is left out.` });
  }

  private sleep(question: number, ms: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.answer(question, true, '');
    }, ms);
    this.timers.add(timer);
  }

  private refuse(question: number, code: ErrorCode, message: string): void {
    this.answer(question, false, JSON.stringify({ code, message }));
  }

  private answer(question: number, isOk: boolean, json: string, body?: ArrayBuffer): void {
    const { room, onThrow } = this.asker;
    if (this.isOver || room.isolate.isDisposed) return;
    const copy =
      body === undefined
        ? undefined
        : new ivm.ExternalCopy(body, { transferOut: true }).copyInto({ release: true, transferIn: true });
    this.settled = room.globals.dispatch.apply(undefined, ['settle', question, isOk, json, copy]).catch(onThrow);
  }

  /** A request's body in base64, and room for its head. */
  private get mostMessageChars(): number {
    return this.asker.limits.requestBytes * 1.4 + 100_000;
  }
}

// Without the query: it is long, and may hold what the log need not have.
const nameOf = (request: EffectRequest): string =>
  request.kind === 'fetch'
    ? `${request.method.slice(0, 10)} ${cut(request.url.split('?', 1)[0]!, 200)}`
    : `cache.${CACHE[request.kind]}`;

const CACHE = { recall: 'get', remember: 'set' };
