import { CONTRACT_VERSION, type ErrorCode, Fault } from '@fingerpost/contracts';
import { currentTrace, toTraceparent } from '../trace/trace.ts';
import type { CallOptions, Exchange } from './bus.ts';
import { Credit, Inflow } from './flow.ts';
import { bytesFrame, chunksOf, jsonFrame, kindOf, parseJson, send } from './frames.ts';
import type { Frame, Wire } from './wire.ts';

/** The asking side of one exchange: lives from the request until its end, a fault, the deadline or cancellation. */
export class OutgoingCall<T> implements Exchange<T> {
  readonly body: Inflow<Uint8Array>;
  private readonly items = new Inflow<T>();
  private readonly credit = new Credit();
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort = () => this.stop(new Fault('bus.cancelled', `The call to ${this.subject} was cancelled.`));
  /** where the answering side listens for credit, chunks and cancellation; known from its `open` frame on */
  private control: string | undefined;
  private isStopped = false;
  private isOver = false;

  constructor(
    private readonly wire: Wire,
    private readonly subject: string,
    private readonly options: CallOptions,
    private readonly onOver: () => void,
  ) {
    this.body = new Inflow(() => this.tell(bytesFrame('credit')));
    this.timer = setTimeout(() => this.stop(timedOut(subject, options.timeoutMs)), Math.max(0, options.timeoutMs));
    options.signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  start(message: unknown, reply: string): void {
    if (this.options.signal?.aborted === true) return this.onAbort();
    const headers: Record<string, string> = {
      'fp-contract': String(CONTRACT_VERSION),
      'fp-deadline': String(Math.max(0, Math.ceil(this.options.timeoutMs))),
    };
    const trace = currentTrace();
    if (trace !== undefined) headers.traceparent = toTraceparent(trace);
    if (this.options.body !== undefined) headers['fp-body'] = '1';
    try {
      send(this.wire, this.subject, jsonFrame('request', message, headers), reply);
    } catch (error) {
      this.finish(error);
    }
  }

  onFrame(frame: Frame): void {
    if (frame.headers.status === '503')
      return this.finish(new Fault('bus.nobody_answers', `Nobody answers ${this.subject}: is the service running?`));
    switch (kindOf(frame)) {
      case 'open':
        return this.onOpen(frame.headers['fp-control']!);
      case 'item':
        return this.items.push(parseJson(frame) as T);
      case 'last':
        this.items.push(parseJson(frame) as T);
        return this.finish();
      case 'chunk':
        return this.body.push(frame.payload);
      case 'credit':
        return this.credit.give(1);
      case 'end':
        return this.finish();
      case 'fault':
        return this.finish(toFault(parseJson(frame)));
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.items[Symbol.asyncIterator]();
  }

  /** Ends it from outside: the bus is closing. */
  fail(error: unknown): void {
    this.finish(error);
  }

  private onOpen(control: string): void {
    this.control = control;
    // Cancelled before the other side had said where it listens: it is told now.
    if (this.isStopped) {
      this.tell(bytesFrame('cancel'));
      this.onOver();
    } else if (this.options.body !== undefined) void this.sendBody(this.options.body);
  }

  private async sendBody(body: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const bytes of body)
        for (const chunk of chunksOf(bytes, this.wire)) {
          await this.credit.take();
          this.tell(bytesFrame('chunk', chunk));
        }
      this.tell(bytesFrame('end-body'));
    } catch (error) {
      if (!this.isOver) this.stop(error);
    }
  }

  private tell(frame: Frame): void {
    if (this.control !== undefined) this.wire.publish(this.control, frame);
  }

  private stop(error: unknown): void {
    if (this.isOver) return;
    this.isStopped = true;
    this.tell(bytesFrame('cancel'));
    // Without `open` the entry stays a moment, to answer it with the cancellation.
    this.settle(error);
    if (this.control !== undefined) this.onOver();
    else setTimeout(this.onOver, LATE_OPEN_MS).unref();
  }

  private finish(error?: unknown): void {
    if (this.isOver) return;
    this.settle(error);
    this.onOver();
  }

  private settle(error?: unknown): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.options.signal?.removeEventListener('abort', this.onAbort);
    this.credit.fail(error ?? new Fault('bus.closed', 'The exchange is over.'));
    for (const flow of [this.items, this.body]) error === undefined ? flow.end() : flow.fail(error);
  }
}

const LATE_OPEN_MS = 1_000;

const timedOut = (subject: string, timeoutMs: number) =>
  new Fault('bus.timed_out', `${subject} did not answer within ${Math.round(timeoutMs)} ms.`);

function toFault(value: unknown): Fault {
  const { code, message, detail } = value as { code: ErrorCode; message: string; detail?: Record<string, unknown> };
  return new Fault(code, message, { detail });
}
