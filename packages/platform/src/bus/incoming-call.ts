import { setImmediate as nextTurn } from 'node:timers/promises';
import { Fault, isFault } from '@fingerpost/contracts';
import { timerMs } from '../life/timer-ms.ts';
import type { AnswerHandler, Body, IncomingCall as Call } from './bus.ts';
import { faultText, OVER } from './faults.ts';
import { Credit, emptyBody, hasRoom, Inflow } from './flow.ts';
import { bytesFrame, chunksOf, counted, isComplete, jsonFrame, kindOf, parseJson, send } from './frames.ts';
import type { Frame, Wire } from './wire.ts';

/** The answering side of one exchange. */
export class IncomingCall implements Call {
  readonly message: unknown;
  readonly body: Body;
  private readonly chunks: Inflow<Uint8Array> | undefined;
  private readonly credit = new Credit();
  // Made when somebody looks: most handlers never do, and it costs as much as the rest of a short call.
  private abort: AbortController | undefined;
  private readonly stopped = Promise.withResolvers<never>();
  private readonly deadlineAt: number;
  /** why it was stopped from outside */
  private fault: Fault | undefined;
  private delivering: PromiseWithResolvers<void>[] | undefined;
  private isOpened = false;
  /** frames to the asker so far, beats aside */
  private sent = 0;
  private received = 0;
  private hasSentBytes = false;
  private isOver = false;

  /** @throws Fault `request.invalid` */
  constructor(
    readonly wire: Wire,
    readonly subject: string,
    private readonly reply: string,
    /** makes the address at which this side is told how the exchange goes on */
    private readonly listen: (call: IncomingCall) => string,
    request: Frame,
  ) {
    this.message = parseJson(request);
    this.deadlineAt = performance.now() + timeLeft(request);
    if (request.headers['fp-body'] === undefined) this.body = emptyBody();
    else this.body = this.chunks = new Inflow({ onTaken: () => this.giveCredit() });
  }

  get signal(): AbortSignal {
    this.abort ??= new AbortController();
    if (this.fault !== undefined) this.abort.abort(this.fault);
    return this.abort.signal;
  }

  remainingMs(): number {
    return Math.max(0, this.deadlineAt - performance.now());
  }

  sendItem(item: unknown): void {
    this.send(jsonFrame('item', item));
  }

  async deliver(item: unknown): Promise<void> {
    this.open();
    const taken = Promise.withResolvers<void>();
    this.send(jsonFrame('item', item, { 'fp-confirm': '1' }));
    this.delivering ??= [];
    this.delivering.push(taken);
    await taken.promise;
  }

  async sendBytes(bytes: Uint8Array): Promise<void> {
    this.open();
    this.hasSentBytes = true;
    for (const chunk of chunksOf(bytes, this.wire)) {
      await this.credit.take();
      this.send(bytesFrame('chunk', chunk));
    }
  }

  /**
   * Runs the handler to its end and says how it ended. A handler that is deaf to its signal holds up nobody: the exchange ends
   * without it. Never rejects. @returns the fault that the asker was told
   */
  async run(handler: AnswerHandler, onUnknown: (error: unknown) => string): Promise<Fault | undefined> {
    const deadline = setTimeout(() => this.stop('bus.timed_out'), timerMs(this.remainingMs()));
    // A short answer needs no way back; a long one must be reachable by a cancellation.
    const opening = setTimeout(() => this.open(), OPEN_AFTER_MS);
    if (this.chunks !== undefined) this.open();
    try {
      await Promise.race([this.answer(handler), this.stopped.promise]);
      return undefined;
    } catch (error) {
      const fault = isFault(error) ? error : unknownFault(onUnknown(error));
      this.sendFault(fault);
      return fault;
    } finally {
      this.isOver = true;
      clearTimeout(deadline);
      clearTimeout(opening);
      this.release(OVER);
    }
  }

  onControl(frame: Frame): void {
    switch (kindOf(frame)) {
      case 'chunk':
        if (this.chunks === undefined || !hasRoom(this.chunks)) return this.stop('bus.too_large');
        this.received++;
        return this.chunks.push(frame.payload);
      case 'end-body':
        return isComplete(frame, this.received) ? this.chunks?.end() : this.stop('bus.lost');
      case 'taken':
        return this.delivering?.shift()?.resolve();
      case 'credit':
        return this.credit.give(1);
      case 'cancel':
        return this.stop('bus.cancelled');
    }
  }

  /** Says that we are still here, once the asker knows of us. */
  beat(): void {
    if (this.isOpened && !this.isOver) this.wire.publish(this.reply, bytesFrame('beat', undefined, counted(this.sent)));
  }

  /** Chunks or credit may be lost: a body would wait for them for ever. Anything else shows by the count of frames. */
  onBreak(): void {
    if (this.chunks !== undefined || this.hasSentBytes) this.stop('bus.lost');
  }

  private async answer(handler: AnswerHandler): Promise<void> {
    const answer = await handler(this);
    if (isAsyncIterable(answer)) await this.sendItems(answer[Symbol.asyncIterator]());
    else if (answer !== undefined) return this.send(jsonFrame('last', answer, counted(this.sent)));
    this.send(bytesFrame('end', undefined, counted(this.sent)));
  }

  private async sendItems(items: AsyncIterator<unknown>): Promise<void> {
    const leave = () => void items.return?.()?.catch(() => {});
    this.signal.addEventListener('abort', leave, { once: true });
    try {
      for (let sent = 1, next = await items.next(); next.done !== true; sent++, next = await items.next()) {
        this.sendItem(next.value);
        if (sent % A_FEW === 0) await nextTurn(); // a source that never waits would keep the deadline from firing
      }
    } catch (error) {
      leave();
      throw error;
    }
  }

  private open(): void {
    if (this.isOpened || this.isOver) return;
    this.isOpened = true;
    this.send(bytesFrame('open', undefined, { 'fp-control': this.listen(this) }));
  }

  private stop(code: keyof typeof STOPPED): void {
    if (this.isOver) return;
    const fault = new Fault(code, STOPPED[code]);
    this.stopped.reject(fault);
    this.release(fault);
    this.fault = fault;
    this.abort?.abort(fault);
  }

  /** Whoever waits for the asker waits no longer. */
  private release(fault: Fault): void {
    this.credit.fail(fault);
    this.chunks?.fail(fault);
    for (const taken of this.delivering?.splice(0) ?? []) taken.reject(fault);
  }

  private giveCredit(): void {
    if (!this.isOver) this.send(bytesFrame('credit'));
  }

  private send(frame: Frame): void {
    if (this.isOver) throw OVER;
    send(this.wire, this.reply, frame);
    this.sent++;
  }

  private sendFault(fault: Fault): void {
    try {
      this.send(jsonFrame('fault', faultText(fault)));
    } catch {
      // Too large, or its detail is no JSON: the code is what callers branch on.
      this.send(jsonFrame('fault', faultText(new Fault(fault.code, fault.message.slice(0, 1_000)))));
    }
  }
}

const STOPPED = {
  'bus.timed_out': 'The deadline has passed.',
  'bus.cancelled': 'The caller gave up.',
  'bus.lost': 'The connection broke while a body was on its way.',
  'bus.too_large': 'More of a body came than there was room for.',
} as const;
const OPEN_AFTER_MS = 10;
/** What the asker says is left is its word: nothing here is kept open for days. */
const LONGEST_MS = 15 * 60_000;
const A_FEW = 64;

function timeLeft(request: Frame): number {
  const text = request.headers['fp-deadline'] ?? '';
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text), LONGEST_MS);
  throw new Fault('request.invalid', 'A request on the bus must carry the time left for it (header fp-deadline).');
}

const unknownFault = (id: string) =>
  new Fault('internal', `Something went wrong on our side (${id}).`, { detail: { id } });

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
