/**
 * What the bus needs of a transport, and nothing more: NATS core semantics.
 * Guarantees: frames between two parties keep their order per subject; each frame of a queue group reaches one member;
 * a frame with a reply address that nobody is subscribed to comes back at once as an empty frame with the header `status: 503`.
 * Delivery is at most once.
 */
export interface Wire {
  /** bytes that one frame's payload may have */
  readonly maxPayload: number;
  /** subject prefix that only this connection may subscribe to (and others of the same identity) */
  readonly inbox: string;
  publish(subject: string, frame: Frame, reply?: string): void;
  subscribe(subject: string, onFrame: OnFrame, options?: { queue?: string }): Unsubscribe;
  /** Tells when the connection has broken: frames that were on their way may be lost. What is published until it is back waits for that. */
  onBreak(heard: () => void): void;
  /** where the server keeps messages; absent: it keeps none */
  readonly store?: Store;
  /** resolves when everything published so far has reached the server */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Messages that survive those who send and those who read them. */
export interface Store {
  /** Resolves when the server has written it down; the same id again changes nothing. @throws Fault `bus.*` */
  keep(subject: string, id: string, payload: Uint8Array, timeoutMs: number): Promise<void>;
  /** Each message to one member of the group, and again until its handler resolves. Trouble is told; it goes on trying. */
  consume(subject: string, group: string, handler: OnKept, onTrouble: (error: unknown) => void): Unsubscribe;
  /** How many messages the group is not done with. */
  backlog(subject: string, group: string): Promise<number>;
}

export interface Frame {
  headers: Record<string, string>;
  payload: Uint8Array;
}

export type OnKept = (payload: Uint8Array, subject: string) => Promise<void>;
export type OnFrame = (frame: Frame, subject: string, reply: string | undefined) => void;
export type Unsubscribe = () => void;
