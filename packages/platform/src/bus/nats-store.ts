import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@fingerpost/contracts';
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { type Msg, type NatsConnection, nanos } from '@nats-io/transport-node';
import type { OnKept, Store, Unsubscribe } from './wire.ts';

const ATTEMPT_MS = 1_000;
const AGAIN_MS = 100;
const DAY_MS = 86_400_000;

/**
 * Messages in JetStream. A stream is named after the first word of its subjects (`audit.*`: AUDIT) and made by whoever first reads it;
 * a group of readers is a durable consumer, to which the server pushes what it has not yet been told is done.
 */
export class NatsStore implements Store {
  constructor(private readonly connection: NatsConnection) {}

  async keep(subject: string, id: string, payload: Uint8Array, timeoutMs: number): Promise<void> {
    const until = performance.now() + timeoutMs;
    // Again after a silence: the same id twice is kept once.
    for (;;) {
      try {
        const timeout = Math.max(1, Math.min(ATTEMPT_MS, until - performance.now()));
        await jetstream(this.connection).publish(subject, payload, { msgID: id, timeout });
        return;
      } catch (error) {
        if (performance.now() + AGAIN_MS > until) throw notKept(subject, error as Error);
        await sleep(AGAIN_MS);
      }
    }
  }

  consume(subject: string, group: string, handler: OnKept, onTrouble: (error: unknown) => void): Unsubscribe {
    const stream = streamOf(subject);
    const delivery = `delivery.${stream}.${group}`;
    const subscription = this.connection.subscribe(delivery, {
      queue: group,
      callback: (error, message) => {
        if (error === null) void settle(message, handler, onTrouble);
      },
    });
    void this.stayPrepared(streamConfig(stream, subject), consumerConfig(group, subject, delivery), onTrouble);
    return () => void subscription.drain().catch(() => {});
  }

  async backlog(subject: string, group: string): Promise<number> {
    const { consumers } = await jetstreamManager(this.connection, { checkAPI: false });
    const { num_pending, num_ack_pending } = await consumers.info(streamOf(subject), group);
    return num_pending + num_ack_pending;
  }

  /** Again after each break: the server that comes back may be another, which knows nothing. */
  private async stayPrepared(...what: Parameters<NatsStore['prepare']>): Promise<void> {
    await this.prepare(...what);
    for await (const { type } of this.connection.status()) if (type === 'reconnect') await this.prepare(...what);
  }

  private async prepare(
    stream: ReturnType<typeof streamConfig>,
    consumer: ReturnType<typeof consumerConfig>,
    onTrouble: (error: unknown) => void,
  ): Promise<void> {
    while (!this.connection.isClosed()) {
      try {
        const { streams, consumers } = await jetstreamManager(this.connection, { checkAPI: false });
        await streams.info(stream.name).catch(() => streams.add(stream));
        await consumers.info(stream.name, consumer.durable_name).catch(() => consumers.add(stream.name, consumer));
        return;
      } catch (error) {
        if (!this.connection.isClosed()) onTrouble(notRead(stream.name, error as Error));
        await sleep(ATTEMPT_MS, undefined, { ref: false });
      }
    }
  }
}

/** Done is done; anything else comes again soon, and by itself where nobody says anything. */
async function settle(message: Msg, handler: OnKept, onTrouble: (error: unknown) => void): Promise<void> {
  try {
    await handler(message.data, message.subject); // where it was kept, not where it is delivered
    message.respond('+ACK');
  } catch (error) {
    onTrouble(error);
    message.respond(`-NAK {"delay": ${nanos(ATTEMPT_MS)}}`);
  }
}

const streamOf = (subject: string): string => subject.split('.')[0]!.toUpperCase();

const streamConfig = (name: string, subject: string) => ({
  name,
  subjects: [subject],
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  max_age: nanos(30 * DAY_MS),
  discard: DiscardPolicy.New, // full means refused, never forgotten
  duplicate_window: nanos(10 * 60_000),
});

const consumerConfig = (group: string, subject: string, delivery: string) => ({
  durable_name: group,
  filter_subject: subject,
  deliver_subject: delivery,
  deliver_group: group,
  deliver_policy: DeliverPolicy.All,
  ack_policy: AckPolicy.Explicit,
  ack_wait: nanos(30_000),
  max_ack_pending: 256,
});

/** The client's name for "nobody answers": no JetStream, or no stream for that subject. */
const isNobody = ({ name }: Error): boolean => name === 'JetStreamNotEnabled';

function notKept(subject: string, cause: Error): Fault {
  if (isNobody(cause))
    return new Fault('bus.nobody_answers', `No stream keeps ${subject}: is its reader running, with JetStream?`, {
      cause,
    });
  return new Fault('bus.timed_out', `${subject} was not kept in time: ${cause.message}`, { cause });
}

const notRead = (stream: string, cause: Error) =>
  new Fault(
    'bus.nobody_answers',
    isNobody(cause)
      ? `The NATS server has no JetStream, which keeps ${stream}: add "jetstream { ... }" to its configuration.`
      : `The stream ${stream} cannot be read: ${cause.message}`,
    { cause },
  );
