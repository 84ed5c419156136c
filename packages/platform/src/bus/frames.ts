import { Fault } from '@fingerpost/contracts';
import type { Frame, Wire } from './wire.ts';

/** What a frame is, in its header `fp-kind`. */
export type FrameKind =
  | 'request'
  | 'open'
  | 'beat'
  | 'item'
  | 'taken'
  | 'last'
  | 'chunk'
  | 'end-body'
  | 'credit'
  | 'end'
  | 'fault'
  | 'cancel'
  | 'event';

/** The answering side says this often that it is still there, and how many frames it has sent so far. */
export const BEAT_MS = 400;
/**
 * So many beats of our own without a frame, and the other side counts as lost: after 1.6 to 2 s. Counted in beats rather than
 * in time: a pause of our own, when nothing is read, is one beat.
 */
export const MOST_SILENT_BEATS = 4;
/** The same before the other side has said its first word, which it does at once: after 0.8 to 1.2 s the question has not come. */
export const MOST_UNOPENED_BEATS = 2;

/** Chunks that may be on their way before the receiver says more. */
export const CREDIT = 4;
const CHUNK_BYTES = 262_144;

const decoder = new TextDecoder();
export const NO_BYTES = new Uint8Array();

export function jsonFrame(kind: FrameKind, message: unknown, headers: Record<string, string> = {}): Frame {
  return { headers: { 'fp-kind': kind, ...headers }, payload: Buffer.from(JSON.stringify(message ?? null)) };
}

export function bytesFrame(
  kind: FrameKind,
  payload: Uint8Array = NO_BYTES,
  headers: Record<string, string> = {},
): Frame {
  return { headers: { 'fp-kind': kind, ...headers }, payload };
}

/** How many frames went before this one: at most once means that some may be missing. */
export const counted = (sent: number): Record<string, string> => (sent === 0 ? {} : { 'fp-sent': String(sent) });

export const isComplete = (frame: Frame, received: number): boolean =>
  Number(frame.headers['fp-sent'] ?? 0) === received;

export const kindOf = (frame: Frame): FrameKind | undefined => frame.headers['fp-kind'] as FrameKind | undefined;

/** @throws Fault `request.invalid` on bytes that are no JSON */
export function parseJson(frame: Frame): unknown {
  try {
    return JSON.parse(decoder.decode(frame.payload));
  } catch (cause) {
    throw new Fault('request.invalid', 'A message on the bus is not JSON.', { cause });
  }
}

/** @throws Fault `bus.too_large`, before anything is sent */
export function send(wire: Wire, subject: string, frame: Frame, reply?: string): void {
  if (frame.payload.byteLength > wire.maxPayload)
    throw new Fault(
      'bus.too_large',
      `A message for ${subject} has ${frame.payload.byteLength} bytes; ${wire.maxPayload} fit. Send it as a body.`,
    );
  wire.publish(subject, frame, reply);
}

/**
 * Where the other side of an exchange may listen: a place of a station's, and nothing else. Whoever named any subject would have us say
 * there what it may not say itself: an event of the audit trail, an acknowledgement in its reader's name.
 */
export const isReplyPlace = (text: string | undefined): text is string => REPLY_PLACE.test(text ?? '');
export const isControlPlace = (text: string | undefined): text is string => CONTROL_PLACE.test(text ?? '');

const REPLY_PLACE = /^_INBOX(\.[\w-]+)+\.r\.[\w-]+\.[\w-]+$/;
const CONTROL_PLACE = /^_INBOX(\.[\w-]+)+\.c\.[\w-]+\.[\w-]+$/;

/** Cuts bytes into what one frame carries. */
export function* chunksOf(bytes: Uint8Array, wire: Wire): Generator<Uint8Array> {
  const size = Math.min(CHUNK_BYTES, wire.maxPayload);
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}
