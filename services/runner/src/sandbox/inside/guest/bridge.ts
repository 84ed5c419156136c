import { STACK_CHARS } from '../../protocol.ts';

/**
 * The one way from inside an isolate to its host: numbered questions, answered later. Authors' code cannot reach it, but much of what is
 * asked is made of what they can replace: only texts and numbers cross, and each is measured first. A text may be a rope of half a
 * gigabyte that costs its author nothing and the host all of it.
 */
export interface HostBridge {
  /** fire and forget; the answer, if there is one, comes back through `settle` */
  ask(id: number, kind: string, json: string, at: string): void;
  /** that many random bytes, base64 */
  random(count: number): string;
  /** a digest of bytes, or their HMAC under a key; bytes as characters 0 to 255 */
  digest(name: string, bytes: string, key?: string): string | undefined;
  /** code of the web's APIs, for an isolate that woke without them */
  web(): string;
}

export interface Answer {
  head: unknown;
  body: ArrayBuffer | undefined;
}
type Refusal = { code: string; message: string };
type Settle = (outcome: Answer | { refusal: Refusal }) => void;

// Kept apart from what authors can replace.
const { parse, stringify } = JSON;
const { apply } = Reflect;
const { slice } = String.prototype;

/** More than any run needs. Whatever crosses is work for the one thread that serves all runs of the process. */
const MOST_QUESTIONS = 7_000;
const MOST_CHARS = 100_000_000;
const LONGEST_DIGEST_NAME = 10;
const MOST_DIGESTS = 1_000;
const MOST_DIGEST_BYTES = 65_536;
const MOST_DIGESTED = 4_000_000;

let bridge: HostBridge;
let nextId = 1;
let questions = 0;
let chars = 0;
let digests = 0;
let digested = 0;
const waiting = new Map<number, Settle>();

export function installBridge(given: HostBridge): void {
  bridge = given;
}

/** A warm global's next run: nobody waits for the answers to what the last one asked. */
export function resetBridge(): void {
  waiting.clear();
  questions = 0;
  chars = 0;
  digests = 0;
  digested = 0;
}

export const randomBytes = (count: number): string => bridge.random(count >>> 0);
export const webSource = (): string => bridge.web();

/** Machine code, unlike everything in here; on a thread that is everybody's, so only so much of it. Nothing: count it out yourself. */
export function digestOutside(name: string, bytes: string, key?: string): string | undefined {
  if (!isText(name) || name.length > LONGEST_DIGEST_NAME) throw new TypeError('There is no such digest.');
  if (!isText(bytes) || !(key === undefined || isText(key))) return undefined;
  const length = bytes.length + (key === undefined ? 0 : key.length);
  digests++;
  digested += length;
  if (length > MOST_DIGEST_BYTES || digests > MOST_DIGESTS || digested > MOST_DIGESTED) return undefined;
  return bridge.digest(name, bytes, key);
}

/** Tells the host something that has no answer. */
export const tell = (kind: string, message: unknown): void => cross(0, kind, message);

/** An error tells who in the author's code asked: it is made behind the `await`, where V8 knows who waits. */
export async function ask(kind: string, message: unknown): Promise<Answer> {
  const id = nextId++;
  const outcome = await new Promise<Parameters<Settle>[0]>((settle) => {
    waiting.set(id, settle);
    cross(id, kind, message, kind === 'sleep' ? '' : whoAsks());
  });
  if (!('refusal' in outcome)) return outcome;
  throw Object.assign(new Error(outcome.refusal.message), { code: outcome.refusal.code });
}

// For people, if the run ends while it waits. What authors can bend about stacks bends only this text.
const whoAsks = (): string => apply(slice, `${new Error('asked').stack}`, [0, STACK_CHARS]);

// Counted on this side: the host would first have to hear each of them. Nothing here goes through what authors can replace.
function cross(id: number, kind: string, message: unknown, at = ''): void {
  const json = stringify(message);
  if (!isText(kind) || !isText(json) || !isText(at)) throw new TypeError('The host is asked in texts.');
  questions++;
  chars += kind.length + json.length + at.length;
  if (questions > MOST_QUESTIONS || chars > MOST_CHARS) throw new Error('The run asks its host for too much.');
  bridge.ask(id, kind, json, at);
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** Called by the host. */
export function settle(id: number, isOk: boolean, json: string, body?: ArrayBuffer): void {
  const settle = waiting.get(id);
  waiting.delete(id);
  settle?.(isOk ? { head: json === '' ? undefined : parse(json), body } : { refusal: parse(json) as Refusal });
}
