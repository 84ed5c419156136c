import { randomUUID } from 'node:crypto';
import { setImmediate as afterThisTurn } from 'node:timers/promises';
import type { Frame, OnFrame, Unsubscribe, Wire } from './wire.ts';

interface Subscriber {
  pattern: string[];
  queue: string | undefined;
  onFrame: OnFrame;
}

/**
 * One process as a network: every wire made from the same exchange hears the others.
 * Payloads are copied by nobody, but they are bytes: what crosses is what would cross a socket.
 */
export class LocalExchange {
  private readonly subscribers = new Set<Subscriber>();
  // Subjects repeat; walking the subscribers for each frame does not have to.
  private readonly routes = new Map<string, Subscriber[]>();
  private turn = 0;

  constructor(readonly maxPayload = 1_048_576) {}

  connect(): Wire {
    return new LocalWire(this);
  }

  add(subscriber: Subscriber): Unsubscribe {
    this.subscribers.add(subscriber);
    this.routes.clear();
    return () => {
      this.subscribers.delete(subscriber);
      this.routes.clear();
    };
  }

  deliver(subject: string, frame: Frame, reply: string | undefined): void {
    const receivers = this.receiversOf(subject);
    if (receivers.length === 0 && reply !== undefined) return this.deliver(reply, NOBODY, undefined);
    for (const receiver of receivers)
      queueMicrotask(() => {
        if (this.subscribers.has(receiver)) receiver.onFrame(frame, subject, reply);
        else if (receiver.queue !== undefined) this.deliver(subject, frame, reply); // left the group meanwhile: another member's turn
      });
  }

  private receiversOf(subject: string): Subscriber[] {
    const matching = this.routes.get(subject) ?? this.route(subject);
    const alone = matching.filter((subscriber) => subscriber.queue === undefined);
    if (alone.length === matching.length) return alone;
    const groups = Map.groupBy(matching.filter((subscriber) => subscriber.queue !== undefined), (s) => s.queue);
    this.turn++;
    return [...alone, ...[...groups.values()].map((members) => members[this.turn % members.length]!)];
  }

  private route(subject: string): Subscriber[] {
    const words = subject.split('.');
    const matching = [...this.subscribers].filter((subscriber) => fits(subscriber.pattern, words));
    if (this.routes.size > 10_000) this.routes.clear();
    this.routes.set(subject, matching);
    return matching;
  }
}

const NOBODY: Frame = { headers: { status: '503' }, payload: new Uint8Array() };

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
    const remove = this.exchange.add({ pattern: subject.split('.'), queue: options.queue, onFrame });
    const unsubscribe = () => {
      remove();
      this.subscriptions.delete(unsubscribe);
    };
    this.subscriptions.add(unsubscribe);
    return unsubscribe;
  }

  async flush(): Promise<void> {
    await afterThisTurn();
  }

  async close(): Promise<void> {
    await this.flush();
    this.isClosed = true;
    for (const unsubscribe of this.subscriptions) unsubscribe();
  }
}

/** NATS wildcards: `*` stands for one word, a closing `>` for one or more. */
function fits(pattern: string[], words: string[]): boolean {
  for (const [index, word] of pattern.entries()) {
    if (word === '>') return words.length > index;
    if (words[index] === undefined || (word !== '*' && word !== words[index])) return false;
  }
  return pattern.length === words.length;
}
