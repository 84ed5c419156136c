import { randomUUID } from 'node:crypto';
import { CONTRACT_VERSION, Fault } from '@fingerpost/contracts';
import { beginSpan } from '../trace/span.ts';
import { traceFrom, withTrace } from '../trace/trace.ts';
import type { AnswerHandler, Bus, CallOptions, Exchange, Kept, Unsubscribe } from './bus.ts';
import { faultText } from './faults.ts';
import { BEAT_MS, isReplyPlace, jsonFrame, kindOf, parseJson, send } from './frames.ts';
import { IncomingCall } from './incoming-call.ts';
import { OutgoingCall } from './outgoing-call.ts';
import { Listening, Station } from './station.ts';
import { timeAnswers } from './time-answers.ts';
import type { Frame, OnFrame, OnKept, Wire } from './wire.ts';

/** Where errors go that no caller can be told about. */
export interface BusLog {
  error(facts: Record<string, unknown>, message: string): void;
}

/** What is answered here: under which name it is timed, and how. */
interface Answering {
  name: string;
  handler: AnswerHandler;
  onAnswered(tookMs: number, fault: Fault | undefined): void;
}

/** The bus over any wire. One station serves every exchange of the connection, in both roles. */
export class WireBus implements Bus {
  private station: Station;
  private readonly outgoing = new Map<string, OutgoingCall<unknown>>();
  private readonly incoming = new Set<IncomingCall>();
  /** those of them that have said where they listen */
  private readonly controlled = new Map<string, IncomingCall>();
  private readonly listening = new Set<Listening>();
  /** of these, what brings work: left first when the bus drains */
  private readonly answering = new Set<Unsubscribe>();
  private readonly waiting = new Set<() => void>();
  private readonly beating: NodeJS.Timeout;
  /** messages of a store in our hands */
  private consuming = 0;
  private isClosed = false;
  private drained: Promise<void> | undefined;

  constructor(
    wire: Wire,
    private readonly log: BusLog,
  ) {
    this.station = this.stationOn(wire);
    this.beating = setInterval(() => this.beat(), BEAT_MS).unref();
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
    const name = subject.replace(/\.\*$/, '');
    const known: Answering = { name, handler, onAnswered: timeAnswers(name) };
    return this.work((station) =>
      station.wire.subscribe(
        subject,
        (frame, actualSubject, reply) =>
          isReplyPlace(reply) && this.onRequest(station, frame, actualSubject, reply, known),
        { queue },
      ),
    );
  }

  publish(subject: string, message: unknown): void {
    send(this.station.wire, subject, jsonFrame('event', message));
  }

  subscribe(subject: string, handler: (message: unknown, subject: string) => void | Promise<void>): Unsubscribe {
    const onFrame: OnFrame = async (frame, actualSubject) => {
      if (kindOf(frame) !== 'event') return;
      try {
        await handler(parseJson(frame), actualSubject);
      } catch (error) {
        this.log.error({ err: error, subject: actualSubject }, 'a subscriber failed');
      }
    };
    return this.listen(({ wire }) => wire.subscribe(subject, onFrame));
  }

  async keep(subject: string, message: Kept, options: { timeoutMs: number }): Promise<void> {
    const { store } = this.station.wire;
    if (store === undefined) await this.request(subject, message, options);
    else await store.keep(subject, message.id, jsonFrame('event', message).payload, options.timeoutMs);
  }

  consume(subject: string, group: string, handler: (message: unknown, subject: string) => Promise<void>): Unsubscribe {
    const { store } = this.station.wire;
    if (store === undefined)
      return this.answer(subject, group, async (call) => {
        await handler(call.message, call.subject);
        return {};
      });
    const onKept: OnKept = async (payload, actualSubject) => {
      this.consuming++;
      try {
        await handler(readKept(payload), actualSubject);
      } finally {
        this.consuming--;
        this.onEnd();
      }
    };
    return this.work(() =>
      store.consume(subject, group, onKept, (error) =>
        this.log.error({ err: error, subject }, 'what was kept waits to be read'),
      ),
    );
  }

  async backlog(subject: string, group: string): Promise<number> {
    return (await this.station.wire.store?.backlog(subject, group)) ?? 0; // without a store whoever keeps waits until it is done
  }

  flush(): Promise<void> {
    return this.station.wire.flush();
  }

  drain(): Promise<void> {
    this.drained ??= this.finishAndClose();
    return this.drained;
  }

  /** Goes on over another wire. What is under way ends on the old one, which then closes: nobody notices. */
  async moveTo(wire: Wire): Promise<void> {
    const old = this.station.wire;
    this.station = this.stationOn(wire);
    const leaves = [...this.listening].map((listening) => listening.moveTo(this.station));
    await wire.flush(); // heard in both places rather than in none
    for (const leave of leaves) leave();
    await old.flush();
    await this.until(() => this.calls().every((call) => call.wire !== old));
    await old.close();
  }

  /** Exchanges in flight: what a leak would make grow. */
  get inFlight(): { outgoing: number; incoming: number } {
    return { outgoing: this.outgoing.size, incoming: this.incoming.size };
  }

  get isClosing(): boolean {
    return this.drained !== undefined;
  }

  private async finishAndClose(): Promise<void> {
    for (const unsubscribe of this.answering) unsubscribe();
    await this.flush(); // what had been handed to us before the server heard of it is here now
    await this.until(() => this.incoming.size + this.consuming === 0);
    this.isClosed = true;
    await this.until(() => this.outgoing.size === 0);
    clearInterval(this.beating);
    await this.station.wire.close();
  }

  private async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  private onEnd(): void {
    for (const look of this.waiting) look();
    this.waiting.clear();
  }

  private begin<T>(subject: string, message: unknown, options: CallOptions): OutgoingCall<T> {
    const id = randomUUID();
    const { station } = this;
    const call = new OutgoingCall<T>(station.wire, subject, options, () => {
      this.outgoing.delete(id);
      this.onEnd();
    });
    if (this.isClosed) call.fail(new Fault('bus.closed', 'The bus is closed.'));
    else {
      this.outgoing.set(id, call as OutgoingCall<unknown>);
      call.start(message, station.replyTo(id));
    }
    return call;
  }

  private onRequest(station: Station, frame: Frame, subject: string, reply: string, known: Answering): void {
    try {
      if (kindOf(frame) !== 'request')
        throw new Fault('request.invalid', 'A request on the bus must say that it is one.');
      checkContract(frame.headers['fp-contract']);
      this.admit(station, frame, subject, reply, known);
    } catch (error) {
      station.wire.publish(reply, jsonFrame('fault', faultText(error as Fault)));
    }
  }

  private admit(station: Station, frame: Frame, subject: string, reply: string, known: Answering): void {
    let id: string | undefined;
    const listen = (call: IncomingCall) => {
      id = randomUUID();
      this.controlled.set(id, call);
      return station.controlOf(id);
    };
    const call = new IncomingCall(station.wire, subject, reply, listen, frame);
    this.incoming.add(call);
    const trace = traceFrom(frame.headers.traceparent);
    const span = beginSpan(known.name, trace);
    const startedAt = performance.now();
    void withTrace(trace, async () => {
      const fault = await call.run(known.handler, (error) => this.report(error, subject));
      span.end(fault);
      known.onAnswered(performance.now() - startedAt, fault);
      this.incoming.delete(call);
      if (id !== undefined) this.controlled.delete(id);
      this.onEnd();
    });
  }

  private stationOn(wire: Wire): Station {
    return new Station(wire, {
      onReply: (id, frame) => this.outgoing.get(id)?.onFrame(frame),
      onControl: (id, frame) => this.controlled.get(id)?.onControl(frame),
      onBreak: () => {
        for (const call of this.calls()) if (call.wire === wire) call.onBreak();
      },
    });
  }

  private listen(join: (station: Station) => Unsubscribe): Unsubscribe {
    const listening = new Listening(join, this.station);
    this.listening.add(listening);
    return () => {
      this.listening.delete(listening);
      listening.leave();
    };
  }

  private work(join: (station: Station) => Unsubscribe): Unsubscribe {
    const leave = this.listen(join);
    this.answering.add(leave);
    return () => {
      this.answering.delete(leave);
      leave();
    };
  }

  private beat(): void {
    for (const call of this.incoming) call.beat();
    for (const call of this.outgoing.values()) call.onBeat();
  }

  private calls(): (IncomingCall | OutgoingCall<unknown>)[] {
    return [...this.outgoing.values(), ...this.incoming];
  }

  private report(error: unknown, subject: string): string {
    const id = randomUUID();
    this.log.error({ err: error, subject, id }, 'a request failed for an unknown reason');
    return id;
  }
}

/** What is no JSON is handed on as text: were it refused, it would come again for ever, and some hundred of it hold up all the others. */
function readKept(payload: Uint8Array): unknown {
  try {
    return parseJson({ headers: {}, payload });
  } catch {
    return new TextDecoder().decode(payload);
  }
}

function checkContract(theirs: string | undefined): void {
  if (/^\d+$/.test(theirs ?? '') && Math.abs(Number(theirs) - CONTRACT_VERSION) <= 1) return;
  throw new Fault(
    'bus.contract_mismatch',
    `This service speaks contract ${CONTRACT_VERSION}, the caller ${theirs ?? 'none'}. Upgrade one release at a time.`,
  );
}
