import { randomUUID } from 'node:crypto';
import { setImmediate as afterThisTurn } from 'node:timers/promises';
import { SubjectTree } from './subject-tree.ts';
import type { Frame, OnFrame, Unsubscribe, Wire } from './wire.ts';

interface Subscriber {
  queue: string | undefined;
  onFrame: OnFrame;
  isGone: boolean;
}

/**
 * One process as a network: every wire made from the same exchange hears the others.
 * Payloads are copied by nobody, but they are bytes: what crosses is what would cross a socket.
 */
export class LocalExchange {
  private readonly subscribers = new SubjectTree<Subscriber>();
  private readonly onTheirWay: (() => void)[] = [];
  private deliveredInARow = 0;

  constructor(readonly maxPayload = 1_048_576) {}

  connect(): Wire {
    return new LocalWire(this);
  }

  add(subject: string, queue: string | undefined, onFrame: OnFrame): Unsubscribe {
    const subscriber: Subscriber = { queue, onFrame, isGone: false };
    const remove = this.subscribers.add(subject, subscriber);
    return () => {
      subscriber.isGone = true;
      remove();
    };
  }

  deliver(subject: string, frame: Frame, reply: string | undefined): void {
    const receivers = onePerQueue(this.subscribers.match(subject));
    if (receivers.length === 0 && reply !== undefined) return this.deliver(reply, NOBODY, undefined);
    for (const receiver of receivers)
      this.afterwards(() => {
        if (!receiver.isGone) receiver.onFrame(frame, subject, reply);
        else if (receiver.queue !== undefined) this.deliver(subject, frame, reply); // left the group meanwhile: another member's turn
      });
  }

  // Never within the sender's call: no network does that. Mostly before anything else happens, but an exchange that
  // feeds itself for ever leaves timers and sockets their turn.
  private afterwards(work: () => void): void {
    this.onTheirWay.push(work);
    if (this.onTheirWay.length > 1) return;
    if (this.deliveredInARow < MANY) queueMicrotask(this.hand);
    else setImmediate(this.hand);
  }

  private readonly hand = () => {
    const batch = this.onTheirWay.splice(0);
    this.deliveredInARow = this.deliveredInARow < MANY ? this.deliveredInARow + batch.length : 0;
    for (const work of batch) work();
  };
}

const MANY = 256;
const NOBODY: Frame = { headers: { status: '503' }, payload: new Uint8Array() };

/** Everybody who is in no group, and of every group anyone: NATS promises no order either. */
function onePerQueue(matching: Subscriber[]): Subscriber[] {
  if (matching.length < 2) return matching;
  const groups = Map.groupBy(matching, (subscriber) => subscriber.queue);
  const alone = groups.get(undefined) ?? [];
  groups.delete(undefined);
  return [...alone, ...[...groups.values()].map((members) => members[Math.floor(Math.random() * members.length)]!)];
}

class LocalWire implements Wire {
  readonly inbox = `_INBOX.${randomUUID()}`;
  private readonly subscriptions = new Set<Unsubscribe>();
  private isClosed = false;

  constructor(private readonly exchange: LocalExchange) {}

  get maxPayload(): number {
    return this.exchange.maxPayload;
  }

  publish(subject: string, frame: Frame, reply?: string): void {
    if (!this.isClosed) this.exchange.deliver(subject, frame, reply);
  }

  subscribe(subject: string, onFrame: OnFrame, options: { queue?: string } = {}): Unsubscribe {
    const remove = this.exchange.add(subject, options.queue, onFrame);
    const unsubscribe = () => {
      remove();
      this.subscriptions.delete(unsubscribe);
    };
    this.subscriptions.add(unsubscribe);
    return unsubscribe;
  }

  onBreak(): void {} // nothing between us that could

  async flush(): Promise<void> {
    await afterThisTurn();
  }

  async close(): Promise<void> {
    await this.flush();
    this.isClosed = true;
    for (const unsubscribe of this.subscriptions) unsubscribe();
  }
}
