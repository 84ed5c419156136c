/** The one way from inside an isolate to its host: numbered questions, answered later. Authors' code cannot reach it. */
export interface HostBridge {
  /** fire and forget; the answer, if there is one, comes back through `settle` */
  ask(id: number, kind: string, json: string): void;
  /** that many random bytes, base64 */
  random(count: number): string;
  /** a digest of bytes, or their HMAC under a key; bytes as characters 0 to 255 */
  digest(name: string, bytes: string, key?: string): string;
}

type Waiting = { resolve: (answer: Answer) => void; reject: (error: unknown) => void };
export interface Answer {
  head: unknown;
  body: ArrayBuffer | undefined;
}

// Kept apart from what authors can replace.
const { parse, stringify } = JSON;

/** More than any run needs. Whatever crosses is work for the one thread that serves all runs of the process. */
const MOST_QUESTIONS = 7_000;
const MOST_CHARS = 100_000_000;
const MOST_DIGESTS = 1_000;
const MOST_DIGEST_BYTES = 65_536;
const MOST_DIGESTED = 4_000_000;

let bridge: HostBridge;
let nextId = 1;
let questions = 0;
let chars = 0;
let digests = 0;
let digested = 0;
const waiting = new Map<number, Waiting>();

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

export const randomBytes = (count: number): string => bridge.random(count);

/** Machine code, unlike everything in here; on a thread that is everybody's, so only so much of it. Nothing: count it out yourself. */
export function digestOutside(name: string, bytes: string, key?: string): string | undefined {
  digests++;
  digested += bytes.length;
  if (bytes.length > MOST_DIGEST_BYTES || digests > MOST_DIGESTS || digested > MOST_DIGESTED) return undefined;
  return bridge.digest(name, bytes, key);
}

/** Tells the host something that has no answer. */
export const tell = (kind: string, message: unknown): void => cross(0, kind, message);

export function ask(kind: string, message: unknown): Promise<Answer> {
  const id = nextId++;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve, reject });
    cross(id, kind, message);
  });
}

// Counted on this side: the host would first have to hear each of them. Nothing here goes through what authors can replace.
function cross(id: number, kind: string, message: unknown): void {
  const json = stringify(message);
  questions++;
  chars += json.length;
  if (questions > MOST_QUESTIONS || chars > MOST_CHARS) throw new Error('The run asks its host for too much.');
  bridge.ask(id, kind, json);
}

/** Called by the host. */
export function settle(id: number, isOk: boolean, json: string, body?: ArrayBuffer): void {
  const waiter = waiting.get(id);
  if (waiter === undefined) return;
  waiting.delete(id);
  if (isOk) return waiter.resolve({ head: json === '' ? undefined : parse(json), body });
  const { code, message } = parse(json) as { code: string; message: string };
  waiter.reject(Object.assign(new Error(message), { code }));
}
