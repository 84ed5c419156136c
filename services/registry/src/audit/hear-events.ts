import { hash } from 'node:crypto';
import { AuditEvent, auditSubjects, isFault } from '@fingerpost/contracts';
import { type Bus, type Log, MessagePipe } from '@fingerpost/platform';
import { type Database, reasonOf } from '@fingerpost/platform/database';
import { append } from './trail.ts';

const pipe = new MessagePipe();
const MOST_TEXT = 2_000;

/**
 * Writes down what other services say, each once, and is done with it only when it is committed: while the database is away it stays where
 * it was kept. @returns how to stop
 */
export function hearEvents(bus: Bus, { sql }: Database, log: Log): () => void {
  return bus.consume(auditSubjects.anyEvent, 'registry', async (message, subject) => {
    const service = subject.slice(subject.lastIndexOf('.') + 1);
    const event = readEvent(message, subject, log);
    await sql
      .transaction((tx) => append(tx, [{ service, event }]))
      .catch((error) => {
        throw new Error(`the audit trail cannot be written: ${reasonOf(error)}`);
      });
  });
}

// What is no event is written down as that: refusing it would have it come again for ever, and dropping it would lose it.
function readEvent(message: unknown, subject: string, log: Log): AuditEvent {
  try {
    const { id, at, actor, action, target, detail } = pipe.transform(message, {
      type: 'body',
      metatype: AuditEvent,
    }) as AuditEvent;
    return { id: id.toLowerCase(), at, actor, action, target, ...(detail !== undefined && { detail }) };
  } catch (error) {
    log.error({ err: error, subject }, 'what came for the audit trail is no event; it is written down as such');
    if (!isFault(error) && !(error instanceof TypeError)) throw error;
    const whole = JSON.stringify(message) ?? '';
    const text = whole.slice(0, MOST_TEXT);
    const [action, target] = ['event.malformed', subject];
    return {
      id: idOf(whole),
      at: new Date().toISOString(),
      actor: 'service:registry',
      action,
      target,
      detail: { text },
    };
  }
}

/** The same for the same text, in the shape of a UUID. */
const idOf = (text: string): string =>
  hash('sha256', text).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
