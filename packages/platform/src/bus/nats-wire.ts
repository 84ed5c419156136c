import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type ConnectionOptions,
  connect,
  type Msg,
  headers as makeHeaders,
  type NatsConnection,
} from '@nats-io/transport-node';
import type { Frame, OnFrame, Unsubscribe, Wire } from './wire.ts';

const EMPTY: Frame['headers'] = {};

/** Connects to NATS. `inboxPrefix` names what the server's permissions let this service alone subscribe to. */
export async function connectNatsWire(options: ConnectionOptions & { inboxPrefix?: string }): Promise<Wire> {
  const connection = await connect({ maxReconnectAttempts: -1, ...options });
  return new NatsWire(connection, `${options.inboxPrefix ?? '_INBOX'}.${randomUUID()}`);
}

class NatsWire implements Wire {
  constructor(
    private readonly connection: NatsConnection,
    readonly inbox: string,
  ) {}

  get maxPayload(): number {
    // The server counts the headers too.
    return (this.connection.info?.max_payload ?? 1_048_576) - 8_192;
  }

  publish(subject: string, frame: Frame, reply?: string): void {
    if (this.connection.isClosed() || this.connection.isDraining()) return;
    const headers = makeHeaders();
    for (const [name, value] of Object.entries(frame.headers)) headers.append(name, value);
    this.connection.publish(subject, frame.payload, reply === undefined ? { headers } : { headers, reply });
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

  async flush(): Promise<void> {
    if (!this.connection.isClosed()) await patiently(this.connection.flush());
  }

  async close(): Promise<void> {
    if (this.connection.isClosed()) return;
    await patiently(this.connection.drain());
    await this.connection.close();
  }
}

const PATIENCE_MS = 2_000;

/** A server that is gone answers nothing: whoever closes does not wait for its return. */
async function patiently(work: Promise<void>): Promise<void> {
  const patience = new AbortController();
  const enough = wait(PATIENCE_MS, undefined, { signal: patience.signal, ref: false }).catch(() => {});
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
