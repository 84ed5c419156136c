import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ConnectionOptions,
  connect,
  type Msg,
  headers as makeHeaders,
  type NatsConnection,
} from '@nats-io/transport-node';
import { linkTo } from '../metrics/links.ts';
import { NatsStore } from './nats-store.ts';
import type { Frame, OnFrame, Unsubscribe, Wire } from './wire.ts';

const EMPTY: Frame['headers'] = {};
const HELD_BYTES = 8_000_000;

/**
 * Back within 200 ms once the server is there, and not all at the same moment. A server that is silent for 6 s counts as gone. No
 * attempt is the last: whoever is refused today may be let in tomorrow.
 */
const STAYING: ConnectionOptions = {
  maxReconnectAttempts: -1,
  ignoreAuthErrorAbort: true,
  reconnectDelayHandler: () => 50 + Math.random() * 150,
  timeout: 2_000,
  pingInterval: 2_000,
  maxPingOut: 2,
};

/** Connects to NATS. `inboxPrefix` names what the server's permissions let this service alone subscribe to. */
export async function connectNatsWire(options: ConnectionOptions): Promise<Wire> {
  const inboxPrefix = options.inboxPrefix ?? `_INBOX.${randomUUID()}`;
  const connection = await connect({ ...STAYING, ...options, inboxPrefix });
  return new NatsWire(connection, inboxPrefix);
}

class NatsWire implements Wire {
  readonly store: NatsStore;
  private isUp = true;
  private readonly link = linkTo('nats');
  private readonly breakListeners: (() => void)[] = [];
  private held: (() => void)[] = [];
  private heldBytes = 0;

  constructor(
    private readonly connection: NatsConnection,
    readonly inbox: string,
  ) {
    this.store = new NatsStore(connection);
    this.link(true);
    void this.watch();
  }

  get maxPayload(): number {
    // The server counts the headers too.
    return (this.connection.info?.max_payload ?? 1_048_576) - 8_192;
  }

  publish(subject: string, frame: Frame, reply?: string): void {
    if (this.connection.isClosed() || this.connection.isDraining()) return;
    if (this.isUp) this.send(subject, frame, reply);
    else this.hold(subject, frame, reply);
  }

  subscribe(subject: string, onFrame: OnFrame, options: { queue?: string } = {}): Unsubscribe {
    const callback = (error: Error | null, message: Msg) => {
      if (error === null) onFrame(toFrame(message), message.subject, message.reply || undefined);
    };
    const subscription = this.connection.subscribe(subject, { ...options, callback });
    if (options.queue === undefined) return () => subscription.unsubscribe();
    // A member that leaves its group still takes what the server had already given it.
    return () => void subscription.drain().catch(() => {});
  }

  onBreak(heard: () => void): void {
    this.breakListeners.push(heard);
  }

  async flush(): Promise<void> {
    if (!this.connection.isClosed()) await patiently(this.connection.flush());
  }

  async close(): Promise<void> {
    if (this.connection.isClosed()) return;
    await patiently(this.connection.drain());
    await this.connection.close();
  }

  private send(subject: string, frame: Frame, reply?: string): void {
    const headers = makeHeaders();
    for (const [name, value] of Object.entries(frame.headers)) headers.append(name, value);
    this.connection.publish(subject, frame.payload, reply === undefined ? { headers } : { headers, reply });
  }

  /** The client throws away what is published while it has no connection. */
  private hold(subject: string, frame: Frame, reply?: string): void {
    this.heldBytes += frame.payload.byteLength;
    if (this.heldBytes <= HELD_BYTES) this.held.push(() => this.send(subject, frame, reply));
  }

  private async watch(): Promise<void> {
    for await (const { type } of this.connection.status()) {
      if (type === 'disconnect' && this.isUp) this.onDown();
      if (type === 'reconnect') this.onUp();
    }
  }

  private onDown(): void {
    this.isUp = false;
    if (!this.connection.isDraining()) this.link(false); // one that is moved away from says nothing of where we are
    for (const heard of this.breakListeners) heard();
  }

  private onUp(): void {
    this.isUp = true;
    this.link(true);
    this.heldBytes = 0;
    for (const send of this.held.splice(0)) send();
  }
}

const PATIENCE_MS = 2_000;

/** A server that is gone answers nothing: whoever closes does not wait for its return. */
async function patiently(work: Promise<void>): Promise<void> {
  const patience = new AbortController();
  const enough = sleep(PATIENCE_MS, undefined, { signal: patience.signal, ref: false }).catch(() => {});
  await Promise.race([work, enough]).catch(() => {});
  patience.abort();
}

function toFrame({ headers: received, data: payload }: Msg): Frame {
  if (received === undefined) return { headers: EMPTY, payload };
  if (received.code === 503) return { headers: { status: '503' }, payload };
  const headers: Record<string, string> = {};
  for (const [name, values] of received) headers[name] = values[0] ?? '';
  return { headers, payload };
}
