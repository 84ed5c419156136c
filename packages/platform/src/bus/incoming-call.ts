import { Fault, isFault } from '@fingerpost/contracts';
import type { AnswerHandler, Body, IncomingCall as Call } from './bus.ts';
import { Credit, emptyBody, Inflow } from './flow.ts';
import { bytesFrame, chunksOf, jsonFrame, kindOf, parseJson, send } from './frames.ts';
import type { Frame, Wire } from './wire.ts';

/** The answering side of one exchange. */
export class IncomingCall implements Call {
  readonly message: unknown;
  readonly body: Body;
  private readonly chunks: Inflow<Uint8Array> | undefined;
  private readonly credit = new Credit();
  private readonly abort = new AbortController();
  private readonly deadlineAt: number;
  private isOpened = false;

  constructor(
    private readonly wire: Wire,
    readonly subject: string,
    private readonly reply: string,
    private readonly control: string,
    request: Frame,
  ) {
    this.message = parseJson(request);
    this.deadlineAt = performance.now() + Number(request.headers['fp-deadline'] ?? 0);
    if (request.headers['fp-body'] === undefined) this.body = emptyBody();
    else this.body = this.chunks = new Inflow(() => this.send(bytesFrame('credit')));
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  remainingMs(): number {
    return Math.max(0, this.deadlineAt - performance.now());
  }

  sendItem(item: unknown): void {
    this.send(jsonFrame('item', item));
  }

  async sendBytes(bytes: Uint8Array): Promise<void> {
    this.open();
    for (const chunk of chunksOf(bytes, this.wire)) {
      await this.credit.take();
      this.send(bytesFrame('chunk', chunk));
    }
  }

  /** Runs the handler to its end and says how it ended. Never rejects. */
  async run(handler: AnswerHandler, onUnknown: (error: unknown) => string): Promise<void> {
    const deadline = setTimeout(() => this.stop('bus.timed_out'), this.remainingMs());
    // A short answer needs no way back; a long one must be reachable by a cancellation.
    const opening = setTimeout(() => this.open(), OPEN_AFTER_MS);
    if (this.chunks !== undefined) this.open();
    try {
      await this.answer(handler);
    } catch (error) {
      this.sendFault(error, onUnknown);
    } finally {
      clearTimeout(deadline);
      clearTimeout(opening);
      this.credit.fail(new Fault('bus.closed', 'The exchange is over.'));
    }
  }

  onControl(frame: Frame): void {
    switch (kindOf(frame)) {
      case 'chunk':
        return this.chunks?.push(frame.payload);
      case 'end-body':
        return this.chunks?.end();
      case 'credit':
        return this.credit.give(1);
      case 'cancel':
        return this.stop('bus.cancelled');
    }
  }

  private async answer(handler: AnswerHandler): Promise<void> {
    const answer = await handler(this);
    if (answer === undefined) return this.send(bytesFrame('end'));
    if (!isAsyncIterable(answer)) return this.send(jsonFrame('last', answer));
    for await (const item of answer) {
      if (this.signal.aborted) throw this.signal.reason;
      this.sendItem(item);
    }
    this.send(bytesFrame('end'));
  }

  private open(): void {
    if (this.isOpened) return;
    this.isOpened = true;
    this.send(bytesFrame('open', undefined, { 'fp-control': this.control }));
  }

  private stop(code: 'bus.timed_out' | 'bus.cancelled'): void {
    const fault = new Fault(code, code === 'bus.cancelled' ? 'The caller gave up.' : 'The deadline has passed.');
    this.abort.abort(fault);
    this.credit.fail(fault);
    this.chunks?.fail(fault);
  }

  private send(frame: Frame): void {
    send(this.wire, this.reply, frame);
  }

  private sendFault(error: unknown, onUnknown: (error: unknown) => string): void {
    const { code, message, detail } = isFault(error)
      ? error
      : new Fault('internal', `Something went wrong on our side (${onUnknown(error)}).`);
    this.send(jsonFrame('fault', { code, message, detail }));
  }
}

const OPEN_AFTER_MS = 10;

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
