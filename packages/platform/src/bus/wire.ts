/**
 * What the bus needs of a transport, and nothing more: NATS core semantics.
 * Guarantees: frames between two parties keep their order per subject; each frame of a queue group reaches one member;
 * a frame with a reply address that nobody is subscribed to comes back at once as an empty frame with the header `status: 503`.
 * Delivery is at most once.
 */
export interface Wire {
  /** bytes that one frame's payload may have */
  readonly maxPayload: number;
  /** subject prefix that only this connection may subscribe to */
  readonly inbox: string;
  publish(subject: string, frame: Frame, reply?: string): void;
  subscribe(subject: string, onFrame: OnFrame, options?: { queue?: string }): Unsubscribe;
  /** resolves when everything published so far has reached the server */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface Frame {
  headers: Record<string, string>;
  payload: Uint8Array;
}

export type OnFrame = (frame: Frame, subject: string, reply: string | undefined) => void;
export type Unsubscribe = () => void;
