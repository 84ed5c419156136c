import { randomUUID } from 'node:crypto';
import { CONTRACT_VERSION, Fault } from '@fingerpost/contracts';
import { traceFrom, withTrace } from '../trace/trace.ts';
import type { AnswerHandler, Bus, CallOptions, Exchange, Kept, Unsubscribe } from './bus.ts';
import { faultText } from './faults.ts';
import { jsonFrame, kindOf, parseJson, send } from './frames.ts';
import { IncomingCall } from './incoming-call.ts';
import { OutgoingCall } from './outgoing-call.ts';
import type { Frame, Wire } from './wire.ts';

/** Where errors go that no caller can be told about. */
export interface BusLog {
  error(facts: Record<string, unknown>, message: string): void;
}

/** The bus over any wire. One inbox serves every exchange of the connection, in both roles. */
export class WireBus implements Bus {
  private readonly outgoing = new Map<string, OutgoingCall<unknown>>();
  private readonly incoming = new Map<string, IncomingCall>();
  private readonly answering = new Set<Unsubscribe>();
  private nextId = 0;
  private isClosed = false;
  private drained: Promise<void> | undefined;
  private onEnd: () => void = () => {};

  constructor(
    private readonly wire: Wire,
    private readonly log: BusLog,
  ) {
    wire.subscribe(`${wire.inbox}.*`, (frame, subject) => this.onInbox(frame, subject.slice(wire.inbox.length + 1)));
  }

  async request<T>(subject: string, message: unknown, options: CallOptions): Promise<T> {
    const call = this.begin<T>(subject, message, options);
    let answer: { item: T } | undefined;
    for await (const item of call) answer ??= { item };
    call.cancel(); // a body that nobody will read
    if (answer === undefined) throw new Fault('internal', `${subject} answered with nothing.`);
    return answer.item;
  }

  call<T>(subject: string, message: unknown, options: CallOptions): Exchange<T> {
    return this.begin(subject, message, options);
  }

  answer(subject: string, queue: string, handler: AnswerHandler): Unsubscribe {
    const unsubscribe = this.wire.subscribe(
      subject,
      (frame, actualSubject, reply) => reply !== undefined && this.onRequest(frame, actualSubject, reply, handler),
      { queue },
    );
    this.answering.add(unsubscribe);
    return () => {
      unsubscribe();
      this.answering.delete(unsubscribe);
    };
  }

  publish(subject: string, message: unknown): void {
    send(this.wire, subject, jsonFrame('event', message));
  }

  subscribe(subject: string, handler: (message: unknown, subject: string) => void | Promise<void>): Unsubscribe {
    return this.wire.subscribe(subject, async (frame, actualSubject) => {
      if (kindOf(frame) !== 'event') return;
      try {
        await handler(parseJson(frame), actualSubject);
      } catch (error) {
        this.log.error({ err: error, subject: actualSubject }, 'a subscriber failed');
      }
    });
  }

  async keep(subject: string, message: Kept, options: { timeoutMs: number }): Promise<void> {
    await this.request(subject, message, options);
  }

  consume(subject: string, group: string, handler: (message: unknown, subject: string) => Promise<void>): Unsubscribe {
    return this.answer(subject, group, async ({ message, subject: actualSubject }) => {
      await handler(message, actualSubject);
      return {};
    });
  }

  drain(): Promise<void> {
    this.drained ??= this.finishAndClose();
    return this.drained;
  }

  /** Exchanges in flight: what a leak would make grow. */
  get inFlight(): { outgoing: number; incoming: number } {
    return { outgoing: this.outgoing.size, incoming: this.incoming.size };
  }

  private async finishAndClose(): Promise<void> {
    for (const unsubscribe of this.answering) unsubscribe();
    await this.wire.flush(); // what had been handed to us before the server heard of it is here now
    while (this.incoming.size > 0) await this.nextEnd();
    this.isClosed = true;
    while (this.outgoing.size > 0) await this.nextEnd();
    await this.wire.close();
  }

  private nextEnd(): Promise<void> {
    return new Promise((resolve) => {
      this.onEnd = resolve;
    });
  }

  private begin<T>(subject: string, message: unknown, options: CallOptions): OutgoingCall<T> {
    const id = (this.nextId++).toString(36);
    const call = new OutgoingCall<T>(this.wire, subject, options, () => {
      this.outgoing.delete(id);
      this.onEnd();
    });
    if (this.isClosed) call.fail(new Fault('bus.closed', 'The bus is closed.'));
    else {
      this.outgoing.set(id, call as OutgoingCall<unknown>);
      call.start(message, `${this.wire.inbox}.${id}`);
    }
    return call;
  }

  private onRequest(frame: Frame, subject: string, reply: string, handler: AnswerHandler): void {
    try {
      if (kindOf(frame) !== 'request')
        throw new Fault('request.invalid', 'A request on the bus must say that it is one.');
      checkContract(frame.headers['fp-contract']);
      this.admit(frame, subject, reply, handler);
    } catch (error) {
      this.wire.publish(reply, jsonFrame('fault', faultText(error as Fault)));
    }
  }

  private admit(frame: Frame, subject: string, reply: string, handler: AnswerHandler): void {
    const id = (this.nextId++).toString(36);
    const call = new IncomingCall(this.wire, subject, reply, `${this.wire.inbox}.${id}`, frame);
    this.incoming.set(id, call);
    const trace = traceFrom(frame.headers.traceparent);
    void withTrace(trace, async () => {
      await call.run(handler, (error) => this.report(error, subject));
      this.incoming.delete(id);
      this.onEnd();
    });
  }

  private onInbox(frame: Frame, id: string): void {
    const outgoing = this.outgoing.get(id);
    if (outgoing !== undefined) outgoing.onFrame(frame);
    else this.incoming.get(id)?.onControl(frame);
  }

  private report(error: unknown, subject: string): string {
    const id = randomUUID();
    this.log.error({ err: error, subject, id }, 'a request failed for an unknown reason');
    return id;
  }
}

function checkContract(theirs: string | undefined): void {
  if (/^\d+$/.test(theirs ?? '') && Math.abs(Number(theirs) - CONTRACT_VERSION) <= 1) return;
  throw new Fault(
    'bus.contract_mismatch',
    `This service speaks contract ${CONTRACT_VERSION}, the caller ${theirs ?? 'none'}. Upgrade one release at a time.`,
  );
}
