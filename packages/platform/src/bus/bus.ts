/**
 * The bus as services see it. Two transports carry it, NATS and one process; the exchange protocol above them is the same
 * (`outgoing-call.ts`, `incoming-call.ts`), so that what works embedded works in a cluster.
 */
export interface Bus {
  /** One message there, one back. @throws Fault of the answering side, or `bus.*` */
  request<T>(subject: string, message: unknown, options: CallOptions): Promise<T>;
  /** One message there, any number back, and a body either way. */
  call<T>(subject: string, message: unknown, options: CallOptions): Exchange<T>;
  /** Answers a subject (NATS wildcards allowed); of a queue's members one gets each request. */
  answer(subject: string, queue: string, handler: AnswerHandler): Unsubscribe;
  publish(subject: string, message: unknown): void;
  /** Every subscriber hears every message. A handler that throws is logged and costs nobody else. */
  subscribe(subject: string, handler: (message: unknown, subject: string) => void | Promise<void>): Unsubscribe;
  /**
   * Resolves when the message is where no crash loses it: in the server's own store, or, on a bus without one, in the hands of a consumer
   * that is done with it. Sent again under the same id it may come twice: consumers tell by the id. @throws Fault `bus.*`, or the consumer's
   */
  keep(subject: string, message: Kept, options: { timeoutMs: number }): Promise<void>;
  /** Of what was kept, each message goes to one member of the group, and again until its handler resolves. */
  consume(subject: string, group: string, handler: (message: unknown, subject: string) => Promise<void>): Unsubscribe;
  /** How many of those the group is not done with. @throws where that cannot be told at the moment */
  backlog(subject: string, group: string): Promise<number>;
  /** Resolves when all that the server had given us before is here. */
  flush(): Promise<void>;
  /**
   * Takes no new requests, finishes those in flight in both roles, then closes. Handlers in flight may still call others;
   * once the last of them is done, every new call fails with `bus.closed`.
   */
  drain(): Promise<void>;
}

export type Unsubscribe = () => void;

/** A message with an id of its own, the same however often it is sent. */
export interface Kept {
  id: string;
}
export type Body = AsyncIterable<Uint8Array>;

export interface CallOptions {
  /** Travels as remaining time: clocks may differ. The answering side's signal fires when it has passed. */
  timeoutMs: number;
  signal?: AbortSignal;
  body?: Body;
}

/**
 * Items, then the body: iterating the items ends where the body begins. Breaking off the items leaves the body to be read;
 * breaking off the body cancels the exchange.
 */
export interface Exchange<T> extends AsyncIterable<T> {
  /** The answer's body. Whoever asked for one reads it: the sender waits for credit. */
  readonly body: Body;
}

/** Resolves to the answer: one message, nothing (`undefined`), or an async iterable of messages that are sent one by one. */
export type AnswerHandler = (call: IncomingCall) => Promise<unknown>;

export interface IncomingCall {
  readonly subject: string;
  readonly message: unknown;
  /** fires on cancellation and when the deadline has passed; the exchange is over then, whatever the handler does */
  readonly signal: AbortSignal;
  remainingMs(): number;
  /** the request's body; empty where none was sent */
  readonly body: Body;
  /** Sends an item ahead of the body. */
  sendItem(item: unknown): void;
  /** The same; resolves when the asker has read it. Rejects where nobody waits for the answer any more. */
  deliver(item: unknown): Promise<void>;
  /** Sends bytes of the answer's body; resolves when the receiver has room for more. From here on the bytes are the bus's. */
  sendBytes(bytes: Uint8Array): Promise<void>;
}
