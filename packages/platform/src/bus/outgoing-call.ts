import { CONTRACT_VERSION, Fault } from '@fingerpost/contracts';
import { timerMs } from '../life/timer-ms.ts';
import { currentTrace, toTraceparent } from '../trace/trace.ts';
import type { CallOptions, Exchange } from './bus.ts';
import { OVER, toFault } from './faults.ts';
import { Credit, hasRoom, Inflow } from './flow.ts';
import {
  bytesFrame,
  chunksOf,
  counted,
  isComplete,
  isControlPlace,
  jsonFrame,
  kindOf,
  MOST_SILENT_BEATS,
  MOST_UNOPENED_BEATS,
  parseJson,
  send,
} from './frames.ts';
import type { Frame, Wire } from './wire.ts';

/** The asking side of one exchange: lives from the request until its end, a fault, the deadline or cancellation. */
export class OutgoingCall<T> implements Exchange<T> {
  readonly body: Inflow<Uint8Array>;
  private readonly items = new Inflow<T>({ onTaken: () => this.confirm() });
  /** how many frames came, beats aside; how many items of them, and how many were read */
  private received = 0;
  private arrived = 0;
  private read = 0;
  /** items, by number, whose sender wants to know that they were read */
  private toConfirm: Set<number> | undefined;
  private silentBeats = 0;
  private readonly credit = new Credit();
  private readonly onAbort = () => this.stop(new Fault('bus.cancelled', `The call to ${this.subject} was cancelled.`));
  private timer: NodeJS.Timeout;
  /** where the answering side listens for credit, chunks and cancellation; known from its `open` frame on */
  private control: string | undefined;
  private isOver = false;

  constructor(
    readonly wire: Wire,
    private readonly subject: string,
    private readonly options: CallOptions,
    private readonly onOver: () => void,
  ) {
    this.body = new Inflow({ onTaken: () => this.giveCredit(), onLeft: this.onAbort });
    this.timer = setTimeout(() => this.stop(timedOut(subject, options.timeoutMs)), timerMs(options.timeoutMs));
    options.signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  start(message: unknown, reply: string): void {
    const { timeoutMs, signal, body } = this.options;
    if (signal?.aborted === true) return this.finish(new Fault('bus.cancelled', 'Cancelled before it was sent.'));
    const headers: Record<string, string> = {
      'fp-contract': String(CONTRACT_VERSION),
      'fp-deadline': String(timerMs(timeoutMs)),
    };
    const trace = currentTrace();
    if (trace !== undefined) headers.traceparent = toTraceparent(trace);
    if (body !== undefined) headers['fp-body'] = '1';
    try {
      send(this.wire, this.subject, jsonFrame('request', message, headers), reply);
    } catch (error) {
      this.finish(error);
    }
  }

  onFrame(frame: Frame): void {
    if (this.isOver) return this.onLateFrame(frame);
    this.silentBeats = 0;
    if (kindOf(frame) === 'beat') return isComplete(frame, this.received) ? undefined : this.onLost(MISSING);
    try {
      this.take(frame);
      this.received++;
    } catch (cause) {
      this.stop(new Fault('internal', `${this.subject} answered with something that is no JSON.`, { cause }));
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.items;
  }

  /** Ends it from outside, e.g. because nobody will read the rest. */
  cancel(): void {
    if (!this.isOver) this.onAbort();
  }

  /** Ends it before it began: the bus is closed. */
  fail(error: Fault): void {
    this.finish(error);
  }

  /** One beat of ours. Too many without a frame of theirs: whoever answers is gone, or the question never came. */
  onBeat(): void {
    if (this.isOver) return;
    const most = this.received === 0 ? MOST_UNOPENED_BEATS : MOST_SILENT_BEATS;
    if (++this.silentBeats > most) this.onLost('Whoever was to answer has gone silent.');
  }

  onBreak(): void {
    this.onLost('The connection broke.');
  }

  private onLost(why: string): void {
    this.stop(new Fault('bus.lost', `The answer of ${this.subject} is lost. ${why}`));
  }

  private take(frame: Frame): void {
    if (frame.headers.status === '503')
      return this.finish(new Fault('bus.nobody_answers', `Nobody answers ${this.subject}: is the service running?`));
    switch (kindOf(frame)) {
      case 'open':
        return this.onOpen(frame);
      case 'item':
        return this.push(frame);
      case 'last':
        if (!isComplete(frame, this.received)) return this.onLost(MISSING);
        this.push(frame);
        return this.finish();
      case 'chunk':
        if (!hasRoom(this.body))
          return this.stop(new Fault('bus.too_large', `${this.subject} sent more than we had room for.`));
        this.items.end(); // items come ahead of the body: whoever reads them to their end may now turn to it
        return this.body.push(frame.payload);
      case 'credit':
        return this.credit.give(1);
      case 'end':
        return isComplete(frame, this.received) ? this.finish() : this.onLost(MISSING);
      case 'fault':
        return this.finish(toFault(parseJson(frame)));
    }
  }

  private push(frame: Frame): void {
    this.arrived++;
    if (frame.headers['fp-confirm'] !== undefined) {
      this.toConfirm ??= new Set();
      this.toConfirm.add(this.arrived);
    }
    this.items.push(parseJson(frame) as T);
  }

  private confirm(): void {
    this.read++;
    if (this.toConfirm?.delete(this.read) === true && !this.isOver) this.tell(bytesFrame('taken'));
  }

  private onOpen(frame: Frame): void {
    const control = frame.headers['fp-control'];
    if (this.control !== undefined || !isControlPlace(control)) return;
    this.control = control;
    if (this.options.body !== undefined) void this.sendBody(this.options.body);
  }

  /** Cancelled before the other side had said where it listens: it is told now. */
  private onLateFrame(frame: Frame): void {
    const control = frame.headers['fp-control'];
    if (kindOf(frame) === 'open' && isControlPlace(control)) this.wire.publish(control, bytesFrame('cancel'));
    clearTimeout(this.timer);
    this.onOver();
  }

  private async sendBody(body: AsyncIterable<Uint8Array>): Promise<void> {
    let sent = 0;
    try {
      for await (const bytes of body)
        for (const chunk of chunksOf(bytes, this.wire)) {
          await this.credit.take();
          this.tell(bytesFrame('chunk', chunk));
          sent++;
        }
      this.tell(bytesFrame('end-body', undefined, counted(sent)));
    } catch (error) {
      this.stop(error);
    }
  }

  private giveCredit(): void {
    if (!this.isOver) this.tell(bytesFrame('credit'));
  }

  private tell(frame: Frame): void {
    if (this.control !== undefined) this.wire.publish(this.control, frame);
  }

  /** Ends it from this side: the other one is told. */
  private stop(error: unknown): void {
    if (this.isOver) return;
    this.tell(bytesFrame('cancel'));
    this.settle(error);
    if (this.control !== undefined) this.onOver();
    else this.timer = setTimeout(this.onOver, LATE_OPEN_MS).unref(); // stays a moment: see onLateFrame
  }

  private finish(error?: unknown): void {
    this.settle(error);
    this.onOver();
  }

  private settle(error?: unknown): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.options.signal?.removeEventListener('abort', this.onAbort);
    this.credit.fail(error ?? OVER);
    for (const flow of [this.items, this.body]) error === undefined ? flow.end() : flow.fail(error);
  }
}

const LATE_OPEN_MS = 1_000;
const MISSING = 'Not all of it has come.';

const timedOut = (subject: string, timeoutMs: number) =>
  new Fault('bus.timed_out', `${subject} did not answer within ${Math.round(timeoutMs)} ms.`);
