import { randomUUID } from 'node:crypto';
import { type ConnectionOptions, connect } from '@nats-io/transport-node';
import { headers as makeHeaders, type Msg, type NatsConnection } from '@nats-io/transport-node';
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
    if (this.connection.isClosed()) return;
    const headers = makeHeaders();
    for (const [name, value] of Object.entries(frame.headers)) headers.set(name, value);
    this.connection.publish(subject, frame.payload, reply === undefined ? { headers } : { headers, reply });
  }

  subscribe(subject: string, onFrame: OnFrame, options: { queue?: string } = {}): Unsubscribe {
    const callback = (error: Error | null, message: Msg) => {
      if (error === null) onFrame(toFrame(message), message.subject, message.reply || undefined);
    };
    const subscription = this.connection.subscribe(subject, { ...options, callback });
    return () => subscription.unsubscribe();
  }

  async flush(): Promise<void> {
    if (!this.connection.isClosed()) await this.connection.flush();
  }

  async close(): Promise<void> {
    if (!this.connection.isClosed()) await this.connection.drain();
  }
}

function toFrame(message: Msg): Frame {
  if (message.headers === undefined) return { headers: EMPTY, payload: message.data };
  if (message.headers.code === 503) return { headers: { status: '503' }, payload: message.data };
  const headers: Record<string, string> = {};
  for (const [name, values] of message.headers) headers[name] = values[0] ?? '';
  return { headers, payload: message.data };
}
